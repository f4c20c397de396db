package dev.latchkey.sql;

import dev.latchkey.testing.KeptConnections;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * A session as the API server makes it: its session_user is authenticator, its role is the
 * request's, and request.jwt.claims holds the claims of a token whose signature was checked.
 */
final class ApiRequest implements AutoCloseable {
  private final KeptConnections superusers;
  private final Connection connection;

  private ApiRequest(KeptConnections superusers, String role, String claims) throws SQLException {
    this.superusers = superusers;
    this.connection = superusers.take();
    sql().execute("set session authorization authenticator");
    sql().execute("set role " + role);
    sql().rows("select set_config('request.jwt.claims', ?, false)", claims);
  }

  /** A request without any token. */
  static ApiRequest anonymous(TestDatabase database) {
    return open(database, "anon", "");
  }

  /** A request of a signed-in user. */
  static ApiRequest user(TestDatabase database, UUID user) {
    return open(
        database,
        "authenticated",
        """
        {"sub": "%s", "role": "authenticated", "email": "ada@example.com"}\
        """
            .formatted(user));
  }

  /** A request of trusted server code. */
  static ApiRequest service(TestDatabase database) {
    return open(database, "service_role", "{\"role\": \"service_role\"}");
  }

  /** A request whose token was minted for an API key. */
  static ApiRequest key(TestDatabase database, UUID key) {
    return open(database, "api_key", "{\"sub\": \"%s\", \"role\": \"api_key\"}".formatted(key));
  }

  static ApiRequest open(TestDatabase database, String role, String claims) {
    return open(database.kept(), role, claims);
  }

  /**
   * @param superusers connects as a superuser, who becomes authenticator
   */
  static ApiRequest open(DataSource superusers, String role, String claims) {
    // Closed from the beginning: its connection is closed with the request.
    KeptConnections none = new KeptConnections(superusers);
    none.close();
    return open(none, role, claims);
  }

  private static ApiRequest open(KeptConnections superusers, String role, String claims) {
    try {
      return new ApiRequest(superusers, role, claims);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  Sql sql() {
    return Sql.on(connection);
  }

  @Override
  public void close() {
    superusers.giveBack(connection);
  }
}
