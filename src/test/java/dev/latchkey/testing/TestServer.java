package dev.latchkey.testing;

import dev.latchkey.database.Migrations;
import dev.latchkey.sandbox.EmbeddedServer;
import dev.latchkey.sandbox.ServerAddress;
import dev.latchkey.sandbox.ServerSettings;
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
 * The one PostgreSQL server of a test run, in {@code target/postgres}, without fsync. It makes
 * databases by copying a template that has been migrated once.
 */
final class TestServer implements AutoCloseable {
  private static final Path HOME = Path.of("target", "postgres").toAbsolutePath();
  private static final String SUPERUSER = "postgres";
  private static final String MIGRATED = "latchkey_template";
  private static final String EMPTY = "template0";

  private final Path folder;
  private final EmbeddedServer server;
  private final AtomicInteger number = new AtomicInteger();
  private boolean templateReady;

  TestServer() {
    try {
      Files.createDirectories(HOME);
      sweep();
      folder = Files.createTempDirectory(HOME, "run-");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server = EmbeddedServer.start(ServerSettings.fleeting(folder, HOME.resolve("binaries")));
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

  /** Stops the servers, and removes the folders, of test runs that were killed. */
  private static void sweep() throws IOException {
    try (var runs = Files.newDirectoryStream(HOME, "run-*")) {
      for (Path run : runs) {
        if (!inUse(run)) {
          EmbeddedServer.start(ServerSettings.fleeting(run, HOME.resolve("binaries"))).close();
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
