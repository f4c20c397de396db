package dev.latchkey.gate;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where a gate listens and what stands behind it.
 *
 * @param listen address and port; port 0 takes a free one
 * @param backendSocket the server's unix socket file, for example {@code dir/.s.PGSQL.5432}; the
 *     server must let every role in there without a password, so the folder must be private
 * @param gatekeeper the role that may call {@code temporary_access.authorize}
 * @param database the database that has Latchkey's schema
 * @param limits what a stranger may cost
 * @param tls certificate and key; without it the gate answers that it has no TLS and listens on the
 *     loopback interface only, because the token is the password
 */
public record GateSettings(
    InetSocketAddress listen,
    Path backendSocket,
    String gatekeeper,
    String database,
    GateLimits limits,
    Optional<SSLContext> tls) {

  public static final String GATEKEEPER = "latchkey_gatekeeper";

  public GateSettings {
    Objects.requireNonNull(backendSocket, "backendSocket");
    Objects.requireNonNull(gatekeeper, "gatekeeper");
    Objects.requireNonNull(database, "database");
    Objects.requireNonNull(limits, "limits");
    if (listen.isUnresolved()) {
      throw new IllegalArgumentException("The gate's address " + listen + " is not known.");
    }
    if (tls.isEmpty() && !listen.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "A gate on " + listen.getAddress().getHostAddress() + " needs TLS.");
    }
  }

  /** The usual gate: standard limits, no TLS, the gatekeeper's usual name. */
  public static GateSettings of(InetSocketAddress listen, Path backendSocket, String database) {
    return new GateSettings(
        listen, backendSocket, GATEKEEPER, database, GateLimits.standard(), Optional.empty());
  }
}
