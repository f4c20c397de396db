package dev.latchkey.testing;

import dev.latchkey.sandbox.server.ServerArchive;
import dev.latchkey.sandbox.server.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;

/**
 * The PostgreSQL that a test run is on: the one that the program carries, or, with {@code
 * -Dlatchkey.postgres=15}, another major version, whose archive the build has copied to {@code
 * target/postgres-archives}. Servers of one version leave those of others alone.
 *
 * @param major the other version; empty for the one that the program carries
 */
public record TestPostgres(Optional<String> major) {
  /** A database with Latchkey's schema, in data that was {@link #prepared}. */
  public static final String MIGRATED = "latchkey_template";

  private static final String PROPERTY = "latchkey.postgres";
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  /** What the run was started with. */
  public static TestPostgres ofThisRun() {
    return new TestPostgres(
        Optional.ofNullable(System.getProperty(PROPERTY)).filter(major -> !major.isBlank()));
  }

  /** Where servers of this version have their folders. */
  public Path home() {
    return TARGET.resolve("postgres").resolve(major.orElse("carried"));
  }

  /** A server for tests in that folder, without fsync. */
  public ServerSettings settings(Path folder) {
    return ServerSettings.fleeting(
        folder, TARGET.resolve("postgres").resolve("binaries"), archive());
  }

  /**
   * The same, begun with the data that is prepared once for all, instead of being initialised.
   *
   * @param folder of a server that was never started
   * @throws IOException when its data cannot be copied there
   */
  public ServerSettings prepared(Path folder) throws IOException {
    new PreparedData(this).copyTo(folder);
    return settings(folder);
  }

  /** What the server's programs are unpacked from. */
  ServerArchive archive() {
    return major
        .<ServerArchive>map(version -> () -> open(jar(version)))
        .orElseGet(ServerArchive::carried);
  }

  private static Path jar(String major) throws IOException {
    Path folder = TARGET.resolve("postgres-archives");
    try (var jars = Files.newDirectoryStream(folder, "*-" + major + ".*.jar")) {
      for (Path jar : jars) {
        return jar;
      }
    } catch (NoSuchFileException none) {
      // Said below.
    }
    throw new IOException(
        "there is no PostgreSQL %s in %s; mvn test-compile copies those that the pom names"
            .formatted(major, folder));
  }

  /** The archive in its jar; closing it closes the jar. */
  private static InputStream open(Path jar) throws IOException {
    var entries = new JarInputStream(Files.newInputStream(jar));
    for (JarEntry entry = entries.getNextJarEntry();
        entry != null;
        entry = entries.getNextJarEntry()) {
      if (entry.getName().endsWith(".txz")) {
        return entries;
      }
    }
    entries.close();
    throw new IOException("there is no archive in " + jar);
  }
}
