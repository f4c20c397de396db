package dev.latchkey.testing;

import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.sandbox.server.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The one PostgreSQL server of a test process, in {@code target/postgres}, without fsync. Its data
 * is a copy of what was prepared once, and its databases are copies of a template in there. Several
 * processes may run tests at the same time, each with a server of its own.
 */
final class TestServer implements AutoCloseable {
  private static final String SUPERUSER = "postgres";

  private record Entrance(String database, String role) {}

  private final Path folder;
  private final EmbeddedServer server;
  private final AtomicInteger number = new AtomicInteger();
  private final Map<Entrance, KeptConnections> kept = new ConcurrentHashMap<>();

  TestServer(TestPostgres postgres) {
    try {
      Files.createDirectories(postgres.home());
      sweep(postgres);
      folder = Files.createTempDirectory(postgres.home(), "run-");
      server = EmbeddedServer.start(postgres.prepared(folder));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  ServerAddress address() {
    return server.address();
  }

  Path log() {
    return server.log();
  }

  KeptConnections kept(String database, String role) {
    return kept.computeIfAbsent(
        new Entrance(database, role),
        entrance ->
            new KeptConnections(address().dataSource(entrance.database(), entrance.role())));
  }

  /** A new database, with or without Latchkey's schema; returns its name. */
  String createDatabase(boolean migrated) {
    String name = "test_" + number.incrementAndGet();
    String template = migrated ? TestPostgres.MIGRATED : PreparedData.EMPTY;
    // By files: WAL of every page takes twice as long.
    postgres()
        .execute("create database %s template %s strategy file_copy".formatted(name, template));
    return name;
  }

  void dropDatabase(String name) {
    close(entrance -> entrance.database().equals(name));
    postgres().execute("drop database if exists " + name + " with (force)");
  }

  @Override
  public void close() {
    close(_ -> true);
    server.close();
    try {
      Folders.delete(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void close(Predicate<Entrance> which) {
    kept.keySet().stream().filter(which).map(kept::remove).forEach(KeptConnections::close);
  }

  private Sql postgres() {
    return Sql.on(kept("postgres", SUPERUSER));
  }

  /**
   * Stops the servers, and removes the folders, of test runs that were killed. Of several processes
   * one does it and the others wait.
   */
  private static void sweep(TestPostgres postgres) throws IOException {
    try (FileChannel turn =
            FileChannel.open(
                postgres.home().resolve("sweep.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var runs = Files.newDirectoryStream(postgres.home(), "run-*")) {
      turn.lock();
      for (Path run : runs) {
        if (!inUse(run)) {
          EmbeddedServer.start(postgres.settings(run)).close();
          Folders.delete(run);
        }
      }
    }
  }

  private static boolean inUse(Path run) throws IOException {
    Path file = run.resolve("lock");
    if (!Files.exists(file)) {
      // Younger than its lock: a run that starts at this moment.
      return System.currentTimeMillis() - Files.getLastModifiedTime(run).toMillis() < 60_000;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      return lock == null;
    }
  }
}
