package dev.latchkey.testing;

import dev.latchkey.database.Migrations;
import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.sandbox.server.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one PostgreSQL server of a test process, in {@code target/postgres}, without fsync. It makes
 * databases by copying a template that has been migrated once. Several processes may run tests at
 * the same time, each with a server of its own.
 */
final class TestServer implements AutoCloseable {
  private static final String SUPERUSER = "postgres";
  private static final String MIGRATED = "latchkey_template";
  private static final String EMPTY = "template0";

  private final Path folder;
  private final EmbeddedServer server;
  private final AtomicInteger number = new AtomicInteger();
  private boolean templateReady;

  TestServer(TestPostgres postgres) {
    try {
      Files.createDirectories(postgres.home());
      sweep(postgres);
      folder = Files.createTempDirectory(postgres.home(), "run-");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server = EmbeddedServer.start(postgres.settings(folder));
  }

  ServerAddress address() {
    return server.address();
  }

  Path log() {
    return server.log();
  }

  /** A new database, with or without Latchkey's schema; returns its name. */
  String createDatabase(boolean migrated) {
    if (migrated) {
      prepareTemplate();
    }
    String name = "test_" + number.incrementAndGet();
    postgres().execute("create database " + name + " template " + (migrated ? MIGRATED : EMPTY));
    return name;
  }

  void dropDatabase(String name) {
    postgres().execute("drop database if exists " + name + " with (force)");
  }

  @Override
  public void close() {
    server.close();
    delete(folder);
  }

  private synchronized void prepareTemplate() {
    if (templateReady) {
      return;
    }
    postgres().execute("create database " + MIGRATED + " template " + EMPTY);
    new Migrations(address().dataSource(MIGRATED, SUPERUSER)).install();
    templateReady = true;
  }

  private Sql postgres() {
    return Sql.on(address().dataSource("postgres", SUPERUSER));
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
          delete(run);
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

  private static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                throws IOException {
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
