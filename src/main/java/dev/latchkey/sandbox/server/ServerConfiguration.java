package dev.latchkey.sandbox.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The server's configuration, written anew at each start so that an old folder gets today's
 * settings.
 */
public final class ServerConfiguration {
  public static final int PORT = 5432;

  private ServerConfiguration() {}

  static void write(Path data, Path socketFolder, boolean durable) throws IOException {
    Files.writeString(data.resolve("pg_hba.conf"), "local all all trust\n", StandardCharsets.UTF_8);
    Files.writeString(
        data.resolve("postgresql.conf"), settings(socketFolder, durable), StandardCharsets.UTF_8);
  }

  /**
   * No TCP, and no statement in the log: statements carry keys and tokens. The sizes suit a laptop
   * that has other things to do, and 200 half-open sign-ins.
   */
  private static String settings(Path socketFolder, boolean durable) {
    return """
    listen_addresses = ''
    port = %d
    unix_socket_directories = '"%s"'
    unix_socket_permissions = 0700
    max_connections = 200
    shared_buffers = '64MB'
    max_wal_size = '256MB'
    min_wal_size = '32MB'
    wal_level = minimal
    max_wal_senders = 0
    max_parallel_workers_per_gather = 0
    fsync = %s
    full_page_writes = %s
    timezone = 'UTC'
    log_timezone = 'UTC'
    datestyle = 'ISO'
    default_text_search_config = 'pg_catalog.simple'
    log_destination = 'stderr'
    logging_collector = off
    log_line_prefix = '%%m [%%p] '
    log_min_error_statement = panic
    log_parameter_max_length = 0
    log_parameter_max_length_on_error = 0
    log_checkpoints = off
    """
        .formatted(PORT, quoted(socketFolder), durable ? "on" : "off", durable ? "on" : "off");
  }

  private static String quoted(Path path) {
    return path.toString().replace("\\", "/").replace("\"", "\"\"").replace("'", "''");
  }
}
