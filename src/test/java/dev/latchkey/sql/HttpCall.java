package dev.latchkey.sql;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One request as PostgREST runs it: a transaction, read-only for GET and HEAD, of role
 * authenticator; the role and the claims of the token, whose signature was checked; headers and
 * method; then public.pre_request(); then the query.
 *
 * @param claims of the token in the Authorization header; empty for a request without one
 */
record HttpCall(String method, Map<String, String> headers, String claims) {
  static final List<String> READING = List.of("GET", "HEAD");

  static HttpCall of(String method) {
    return new HttpCall(method, Map.of(), "");
  }

  HttpCall with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new HttpCall(method, more, claims);
  }

  HttpCall apiKey(String key) {
    return with("apikey", key);
  }

  /** With a token in the Authorization header. */
  HttpCall token(String tokenClaims) {
    return new HttpCall(
        method, with("authorization", "Bearer " + jwt(tokenClaims)).headers, tokenClaims);
  }

  /** A token with these claims; nobody here looks at its signature. */
  static String jwt(String claims) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".c2lnbmF0dXJl";
  }

  /** Runs the request on a connection of its own and commits it. */
  <T> T run(TestDatabase database, Function<Sql, T> query) {
    try (Connection connection = database.connect()) {
      return run(connection, query);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Runs the request on a connection that others had before it, as PostgREST's pool does. */
  <T> T run(Connection connection, Function<Sql, T> query) throws SQLException {
    connection.setAutoCommit(false);
    connection.setReadOnly(READING.contains(method));
    try {
      Sql sql = Sql.on(connection);
      sql.execute("set session authorization authenticator");
      sql.row(
          "select set_config('role', coalesce(nullif(?, '')::jsonb ->> 'role', 'anon'), true)",
          claims);
      sql.row(
          """
          select set_config('request.jwt.claims', coalesce(nullif(?, ''), '{"role": "anon"}'), true),
            set_config('request.method', ?, true),
            set_config('request.path', '/documents', true),
            set_config('request.headers', jsonb_object(?::text[], ?::text[])::text, true)
          """,
          claims,
          method,
          headers.keySet().toArray(String[]::new),
          headers.values().toArray(String[]::new));
      sql.row("select public.pre_request()");
      T answer = query.apply(sql);
      connection.commit();
      return answer;
    } catch (SqlFailure failure) {
      connection.rollback();
      throw failure;
    }
  }
}
