package dev.latchkey.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.change.Environment;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Unexpected;
import dev.latchkey.token.Secret;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultSetException;

/** Turns an endpoint and a token into a {@link Session}. Blocks; for use inside a job. */
public final class SignIn {
  private final JsonMapper json = new JsonMapper();

  /**
   * Connects, checks that the schema is one this console knows, and asks the server who came in.
   * Leaves nothing open when it fails.
   *
   * @throws FailureException with what stands in the way
   */
  public Session into(Endpoint endpoint, Environment environment, Secret token) {
    Database database = new Database(endpoint);
    try {
      database.signIn(token);
      return session(database, environment);
    } catch (FailureException exception) {
      database.close();
      throw exception;
    }
  }

  /** Signs in again with a fresh token; the screens that hold the session's database stay. */
  public Session renew(Session session, Secret token) {
    session.database().signIn(token);
    return session(session.database(), session.environment());
  }

  /** Asks the server again who is in and until when: a grant may have been extended meanwhile. */
  public Session refresh(Session session) {
    return session.as(session.database().read(this::whoAmI));
  }

  private Session session(Database database, Environment environment) {
    database
        .read(handle -> obstacle(handle, database.endpoint()))
        .ifPresent(
            obstacle -> {
              throw new FailureException(obstacle);
            });
    WhoAmI who = database.read(this::whoAmI);
    String version = database.read(handle -> text(handle, "show server_version"));
    return new Session(database, environment, who, version.split(" ")[0]);
  }

  private static Optional<Failure> obstacle(Handle handle, Endpoint endpoint) {
    try {
      return new SchemaReader(handle.getConnection()).obstacle(endpoint);
    } catch (SQLException exception) {
      throw new ResultSetException("the schema could not be read", exception, null);
    }
  }

  private static String text(Handle handle, String sql) {
    return handle.createQuery(sql).mapTo(String.class).one();
  }

  /** The server's answer to who came in on this connection. */
  WhoAmI whoAmI(Handle handle) {
    String answer = text(handle, "select latchkey.whoami()::text");
    try {
      JsonNode who = json.readTree(answer);
      return new WhoAmI(
          who.path("role").asText(),
          field(who, "user_id"),
          field(who, "email"),
          field(who, "display_name"),
          field(who, "grant_id"),
          field(who, "grant_expires_at").map(SignIn::instant),
          field(who, "token_id"),
          field(who, "token_expires_at").map(SignIn::instant),
          who.path("is_operator").asBoolean(),
          who.path("is_auditor").asBoolean());
    } catch (JsonProcessingException exception) {
      throw new FailureException(new Unexpected("LK-WHOAMI", ""));
    }
  }

  private static Optional<String> field(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty();
  }

  private static Instant instant(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }
}
