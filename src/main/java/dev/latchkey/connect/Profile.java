package dev.latchkey.connect;

import dev.latchkey.change.Environment;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TlsMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A database to connect to, as the operator saved it. Never holds a token or password.
 *
 * @param id made once, so that a renamed profile stays the same one
 * @param port as typed; checked when connecting
 * @param options the start-up parameter {@code options}; may be empty
 * @param remember whether the token is to be kept in the system's keychain
 * @param lastRole as whom the last connection was made
 */
public record Profile(
    String id,
    String name,
    String host,
    int port,
    String database,
    String role,
    Environment environment,
    TlsMode tls,
    Optional<Path> rootCertificate,
    String options,
    boolean remember,
    Optional<Instant> lastConnected,
    String lastRole) {
  public static final int USUAL_PORT = 5432;

  /** A profile with nothing filled in. */
  public static Profile blank(String name) {
    return new Profile(
        UUID.randomUUID().toString(),
        name,
        "",
        USUAL_PORT,
        "postgres",
        "",
        Environment.DEVELOPMENT,
        TlsMode.VERIFY_FULL,
        Optional.empty(),
        "",
        false,
        Optional.empty(),
        "");
  }

  public Profile named(String newName) {
    return new Profile(
        id,
        newName,
        host,
        port,
        database,
        role,
        environment,
        tls,
        rootCertificate,
        options,
        remember,
        lastConnected,
        lastRole);
  }

  /** A profile of its own with the same fields. */
  public Profile copy(String newName) {
    return new Profile(
        UUID.randomUUID().toString(),
        newName,
        host,
        port,
        database,
        role,
        environment,
        tls,
        rootCertificate,
        options,
        false,
        Optional.empty(),
        "");
  }

  public Profile connected(Instant when) {
    return new Profile(
        id,
        name,
        host,
        port,
        database,
        role,
        environment,
        tls,
        rootCertificate,
        options,
        remember,
        Optional.of(when),
        role);
  }

  public Endpoint endpoint() {
    return new Endpoint(host, port, database, role, tls, rootCertificate, options);
  }

  /** {@code host:port/database}; empty while no host is known. */
  public String place() {
    return host.isBlank() ? "" : endpoint().place();
  }
}
