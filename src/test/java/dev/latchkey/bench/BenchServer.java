package dev.latchkey.bench;

import dev.latchkey.database.Migrations;
import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.sandbox.server.ServerAddress;
import dev.latchkey.sandbox.server.ServerArchive;
import dev.latchkey.sandbox.server.ServerSettings;
import dev.latchkey.testing.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The server under measurement: the embedded one, durable, with the memory of a small server. */
final class BenchServer implements AutoCloseable {
  private static final String SUPERUSER = "postgres";

  /** A laptop's sandbox is kept smaller than this; a million keys would not fit into its memory. */
  private static final List<String> SETTINGS =
      List.of("shared_buffers = '2GB'", "max_wal_size = '8GB'", "checkpoint_timeout = '30min'");

  private final Path folder;
  private final EmbeddedServer server;

  private BenchServer(Path folder, EmbeddedServer server) {
    this.folder = folder;
    this.server = server;
  }

  /** In a folder of its own; what a killed run has left there is stopped and removed. */
  static BenchServer start(Path folder) {
    var settings =
        new ServerSettings(
            folder,
            Path.of("target", "postgres", "binaries").toAbsolutePath(),
            ServerArchive.carried(),
            true,
            Duration.ofMinutes(2));
    if (Files.isDirectory(folder)) {
      EmbeddedServer.start(settings).close();
      delete(folder);
    }
    try (EmbeddedServer first = EmbeddedServer.start(settings)) {
      Sql sql = Sql.on(first.address().dataSource("postgres", SUPERUSER));
      SETTINGS.forEach(setting -> sql.execute("alter system set " + setting));
    }
    return new BenchServer(folder, EmbeddedServer.start(settings));
  }

  ServerAddress address() {
    return server.address();
  }

  /** Those that decide how fast it is. */
  String settings() {
    return postgres()
        .texts(
            """
            select 'PostgreSQL ' || current_setting('server_version')
            union all
            select name || ' ' || current_setting(name)
            from unnest(array[
              'fsync', 'synchronous_commit', 'full_page_writes', 'wal_level', 'wal_sync_method', 'shared_buffers',
              'max_wal_size', 'checkpoint_timeout', 'autovacuum', 'jit', 'max_parallel_workers_per_gather']) as name
            """)
        .stream()
        .collect(Collectors.joining(", "));
  }

  Target createDatabase(String name) {
    postgres().execute("create database " + name + " template template0");
    Target database = Target.of(address(), name, SUPERUSER);
    new Migrations(database.dataSource()).install();
    return database;
  }

  @Override
  public void close() {
    server.close();
    delete(folder);
  }

  private Sql postgres() {
    return Sql.on(address().dataSource("postgres", SUPERUSER));
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
