package dev.latchkey.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.database.Endpoint;
import dev.latchkey.sandbox.Sandbox;
import dev.latchkey.token.Secret;

/**
 * How to connect to a sandbox, for people and for scripts. The token stands alone, never within a
 * URL.
 */
final class ConnectionStrings {
  private ConnectionStrings() {}

  /** One line. */
  static String json(Sandbox sandbox, Secret token) {
    var mapper = new JsonMapper();
    Endpoint endpoint = sandbox.endpoint();
    var json =
        mapper
            .createObjectNode()
            .put("url", url(endpoint))
            .put("host", endpoint.host())
            .put("port", endpoint.port())
            .put("database", endpoint.database())
            .put("role", endpoint.role())
            .put("token", token.reveal())
            .put("socketDir", sandbox.socketFolder().toString())
            .put("adminUrl", sandbox.adminUri());
    try {
      return mapper.writeValueAsString(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("A tree of texts and numbers has no JSON.", impossible);
    }
  }

  static String text(Sandbox sandbox, Secret token) {
    Endpoint endpoint = sandbox.endpoint();
    return """

    %s

      URL     %s
      psql    psql "host=%s port=%d dbname=%s user=%s"
      JDBC    jdbc:postgresql://%s:%d/%s?user=%s
      Admin   %s
              (superuser past the gate, no password; for your account only)

    The password is this token, for %s, good for 8 hours:

      %s

    Press Ctrl C to stop."""
        .formatted(
            sandbox.joined()
                ? "The sandbox is running in another Latchkey; this one has joined it."
                : "The sandbox is running.",
            url(endpoint),
            endpoint.host(),
            endpoint.port(),
            endpoint.database(),
            endpoint.role(),
            endpoint.host(),
            endpoint.port(),
            endpoint.database(),
            endpoint.role(),
            sandbox.adminUri(),
            Sandbox.OPERATOR,
            token.reveal());
  }

  private static String url(Endpoint endpoint) {
    return "postgresql://"
        + endpoint.role()
        + "@"
        + endpoint.host()
        + ":"
        + endpoint.port()
        + "/"
        + endpoint.database();
  }
}
