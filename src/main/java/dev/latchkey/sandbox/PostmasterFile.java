package dev.latchkey.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a running (or killed) server has written about itself into postmaster.pid.
 *
 * @param pid the server's process
 * @param port part of the socket's name
 * @param socketFolder empty while the server is still starting
 */
record PostmasterFile(long pid, int port, Optional<Path> socketFolder) {
  static final String NAME = "postmaster.pid";

  /** Empty when there is none, or when it holds no process id. */
  static Optional<PostmasterFile> read(Path data) {
    try {
      List<String> lines = Files.readAllLines(data.resolve(NAME), StandardCharsets.UTF_8);
      if (lines.isEmpty()) {
        return Optional.empty();
      }
      long pid = Long.parseLong(lines.getFirst().strip());
      int port = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
      Optional<Path> folder =
          lines.size() > 4 && !lines.get(4).isBlank()
              ? Optional.of(Path.of(lines.get(4).strip()))
              : Optional.empty();
      return Optional.of(new PostmasterFile(pid, port, folder));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * Whether the process may be a PostgreSQL server. After a restart of the machine, and quickly in
   * a container, the number may belong to quite another program.
   */
  boolean looksAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(process -> command(process).contains("postgres"))
        .orElse(false);
  }

  private static String command(ProcessHandle process) {
    return process.info().command().or(() -> process.info().commandLine()).orElse("postgres");
  }
}
