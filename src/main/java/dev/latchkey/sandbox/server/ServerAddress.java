package dev.latchkey.sandbox.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a server listens on a unix socket, and how to connect to it without a password: whoever may
 * enter the socket's folder may be any role.
 *
 * @param socketFolder what libpq takes as host
 * @param port only a part of the socket's name; nothing listens on TCP
 */
public record ServerAddress(Path socketFolder, int port) {
  private static final String SOCKET_FACTORY =
      "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg";

  /** The socket's file. */
  public Path socket() {
    return socketFolder.resolve(".s.PGSQL." + port);
  }

  /** Opens a new connection each time; nothing is pooled. */
  public DataSource dataSource(String database, String role) {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"localhost"});
    source.setDatabaseName(database);
    source.setUser(role);
    source.setSocketFactory(SOCKET_FACTORY);
    source.setSocketFactoryArg(socket().toString());
    source.setSslMode("disable");
    source.setGssEncMode("disable");
    source.setApplicationName("latchkey");
    source.setConnectTimeout(10);
    return source;
  }

  /** A connection URI for psql, pgbench and everything else that uses libpq. */
  public String uri(String database, String role) {
    return "postgresql://"
        + encode(role)
        + "@"
        + encode(socketFolder.toString())
        + ":"
        + port
        + "/"
        + encode(database);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
