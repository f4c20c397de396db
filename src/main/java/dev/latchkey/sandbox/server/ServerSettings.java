package dev.latchkey.sandbox.server;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What an embedded server needs to know.
 *
 * @param folder the server's private folder: data, socket, log; created with mode 0700
 * @param binaries where PostgreSQL is unpacked to; several servers may share it
 * @param archive what is unpacked there
 * @param durable whether what was committed survives a power cut (fsync); false only for tests
 * @param startWait how long the server may take to start or to recover after a crash
 */
public record ServerSettings(
    Path folder, Path binaries, ServerArchive archive, boolean durable, Duration startWait) {
  private static final Duration GENEROUS = Duration.ofMinutes(2);

  /** A server that keeps its data, with its binaries in the same folder. */
  public static ServerSettings durable(Path folder) {
    return new ServerSettings(
        folder, folder.resolve("binaries"), ServerArchive.carried(), true, GENEROUS);
  }

  /** A server for tests: faster, and not safe against a power cut. */
  public static ServerSettings fleeting(Path folder, Path binaries) {
    return fleeting(folder, binaries, ServerArchive.carried());
  }

  /** A server for tests, of the major version that is in {@code archive}. */
  public static ServerSettings fleeting(Path folder, Path binaries, ServerArchive archive) {
    return new ServerSettings(folder, binaries, archive, false, GENEROUS);
  }
}
