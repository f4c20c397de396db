package dev.latchkey.access;

import dev.latchkey.database.Endpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How to connect as a role to the database of this session, for programs and people. The token is
 * in none of them: it is the password.
 */
public final class ConnectionLines {
  private static final String JAVAS_AUTHORITIES = "org.postgresql.ssl.DefaultJavaSSLFactory";
  private static final String POOLER = "pooler.supabase.com";

  private final Endpoint endpoint;
  private final String role;

  public ConnectionLines(Endpoint endpoint, String role) {
    this.endpoint = endpoint;
    this.role = role;
  }

  /** By the name of what takes them, in the order of the screen. */
  public Map<String, String> all() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("psql", psql());
    lines.put("URI", uri(user()));
    lines.put("JDBC", jdbc());
    pooler().ifPresent(line -> lines.put("Pooler", line));
    return lines;
  }

  /** What whoever connects has to have besides, in a sentence; empty when nothing. */
  public Optional<String> note() {
    if (!endpoint.tls().verifiesCertificate()) {
      return Optional.empty();
    }
    if (endpoint.rootCertificate().isPresent()) {
      return Optional.of(
          "sslrootcert is a file on this machine: the member needs it, and its place there.");
    }
    return Optional.of(
        endpoint.tls().verifiesName()
            ? "psql before 16 does not know sslrootcert=system: name the authority's file there."
            : "psql looks for the authority's certificate in ~/.postgresql/root.crt; name another"
                + " file with sslrootcert.");
  }

  private String psql() {
    var text = new StringBuilder("psql \"");
    text.append("host=").append(shell(value(endpoint.host())));
    text.append(" port=").append(endpoint.port());
    text.append(" dbname=").append(shell(value(endpoint.database())));
    text.append(" user=").append(shell(value(user())));
    parameters(libpqTrust())
        .forEach((name, content) -> text.append(" %s=%s".formatted(name, shell(value(content)))));
    return text.append('"').toString();
  }

  private String uri(String user) {
    return "postgresql://%s@%s/%s?%s"
        .formatted(
            encoded(user), host(), encoded(endpoint.database()), query(parameters(libpqTrust())));
  }

  private String jdbc() {
    return "jdbc:postgresql://%s/%s?user=%s&%s"
        .formatted(
            host(),
            encoded(endpoint.database()),
            encoded(user()),
            query(parameters(driverTrust())));
  }

  private Map<String, String> parameters(Map<String, String> trust) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("sslmode", endpoint.tls().parameter());
    parameters.putAll(trust);
    if (!endpoint.options().isBlank()) {
      parameters.put("options", endpoint.options());
    }
    return parameters;
  }

  /** libpq trusts nobody by itself; {@code system} is taken with verify-full only. */
  private Map<String, String> libpqTrust() {
    return certificate()
        .or(() -> Optional.of("system").filter(_ -> endpoint.tls().verifiesName()))
        .map(file -> Map.of("sslrootcert", file))
        .orElse(Map.of());
  }

  /** The driver neither, unless it is told to ask Java. */
  private Map<String, String> driverTrust() {
    if (!endpoint.tls().verifiesCertificate()) {
      return Map.of();
    }
    return certificate()
        .map(file -> Map.of("sslrootcert", file))
        .orElse(Map.of("sslfactory", JAVAS_AUTHORITIES));
  }

  private Optional<String> certificate() {
    return endpoint
        .rootCertificate()
        .filter(_ -> endpoint.tls().verifiesCertificate())
        .map(Path::toString);
  }

  private static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** Only where this session came through a pooler: another one's name cannot be known. */
  private Optional<String> pooler() {
    return endpoint.host().endsWith(POOLER) ? Optional.of(uri(user())) : Optional.empty();
  }

  /** A pooler wants the project behind the role, as this session's own role has it. */
  private String user() {
    int dot = endpoint.role().indexOf('.');
    return endpoint.host().endsWith(POOLER) && dot > 0
        ? role + endpoint.role().substring(dot)
        : role;
  }

  private String host() {
    String name = endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host();
    return name + ":" + endpoint.port();
  }

  /** A value of a conninfo string; quoted where it must be. */
  private static String value(String text) {
    return text.matches("[0-9A-Za-z_.:-]+")
        ? text
        : "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** Inside double quotes of a shell. */
  private static String shell(String text) {
    return text.replaceAll("([\\\\\"$`])", "\\\\$1");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
