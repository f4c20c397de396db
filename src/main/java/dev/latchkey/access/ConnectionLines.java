package dev.latchkey.access;

import dev.latchkey.database.Endpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How to connect as a role to the database of this session, for programs and people. The token is
 * in none of them: it is the password.
 */
final class ConnectionLines {
  private static final String POOLER = "pooler.supabase.com";

  private final Endpoint endpoint;
  private final String role;

  ConnectionLines(Endpoint endpoint, String role) {
    this.endpoint = endpoint;
    this.role = role;
  }

  /** By the name of what takes them, in the order of the screen. */
  Map<String, String> all() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("psql", psql());
    lines.put("URI", uri(user()));
    lines.put("JDBC", jdbc());
    pooler().ifPresent(line -> lines.put("Pooler", line));
    return lines;
  }

  private String psql() {
    return "psql \"host=%s port=%d dbname=%s user=%s sslmode=%s%s\""
        .formatted(
            shell(value(endpoint.host())),
            endpoint.port(),
            shell(value(endpoint.database())),
            shell(value(user())),
            endpoint.tls().parameter(),
            endpoint.options().isBlank() ? "" : " options=" + shell(value(endpoint.options())));
  }

  private String uri(String user) {
    return "postgresql://%s@%s/%s?sslmode=%s%s"
        .formatted(
            encoded(user),
            host(),
            encoded(endpoint.database()),
            endpoint.tls().parameter(),
            endpoint.options().isBlank() ? "" : "&options=" + encoded(endpoint.options()));
  }

  private String jdbc() {
    return "jdbc:postgresql://%s/%s?user=%s&sslmode=%s%s"
        .formatted(
            host(),
            encoded(endpoint.database()),
            encoded(user()),
            endpoint.tls().parameter(),
            endpoint.options().isBlank() ? "" : "&options=" + encoded(endpoint.options()));
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
