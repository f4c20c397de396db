package dev.latchkey.database;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a database is and as which role one enters: all of a connection but the secret.
 *
 * @param options sent as the start-up parameter {@code options}, such as {@code -c jit=true}; may
 *     be empty
 */
public record Endpoint(
    String host,
    int port,
    String database,
    String role,
    TlsMode tls,
    Optional<Path> rootCertificate,
    String options) {

  /** An endpoint on this machine, without TLS. */
  public static Endpoint loopback(int port, String database, String role) {
    return new Endpoint("127.0.0.1", port, database, role, TlsMode.DISABLE, Optional.empty(), "");
  }

  /** {@code role @ host:port/database}, as the top bar shows it. */
  public String describe() {
    return "%s @ %s".formatted(role, place());
  }

  /** {@code host:port/database}; an IPv6 address in brackets. */
  public String place() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return "%s:%d/%s".formatted(name, port, database);
  }

  /**
   * Whether {@code host} is this machine by its looks alone: a name would be asked of the network.
   */
  public static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    boolean literal = host.matches("[0-9.]+") || host.contains(":");
    try {
      return literal && InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException exception) {
      return false;
    }
  }
}
