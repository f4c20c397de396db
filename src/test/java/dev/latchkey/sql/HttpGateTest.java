package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** public.pre_request(), run as PostgREST runs it, and what the request may read afterwards. */
@DependsOnMajor("who may become which role in the middle of a transaction (16)")
final class HttpGateTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  /** One that reads and one that writes; the others differ in nothing, see below. */
  private static final List<String> METHODS = List.of("GET", "POST");

  private static Connection operator;
  private static Connection apiServer;
  private static Sql sql;
  private static HttpGateFixture fixture;

  @BeforeAll
  static void makeDocuments() throws SQLException {
    operator = DATABASE.connect();
    apiServer = DATABASE.connect();
    sql = Sql.on(operator);
    fixture = HttpGateFixture.make(sql);
  }

  @AfterAll
  static void dropRole() throws SQLException {
    apiServer.close();
    fixture.dropRole();
    operator.close();
  }

  @BeforeEach
  void switchLegacyKeysOn() {
    fixture.resetLegacyKeys();
  }

  /**
   * The header's key and its state, the token, which legacy keys are off: the role and its
   * documents.
   */
  @ParameterizedTest(name = "{0} {1}, {2}, off: {3} -> {4}")
  @CsvFileSource(
      resources = "/dev/latchkey/sql/http-gate.csv",
      useHeadersInDisplayName = false,
      numLinesToSkip = 1)
  void everyRowOfTheTable(String key, String state, String token, String off, String expected) {
    String apiKey =
        key.startsWith("legacy") ? HttpCall.jwt(fixture.claims(key)) : fixture.apiKey(key, state);
    String claims = fixture.claims(token);
    for (String name : List.of("anon", "service_role")) {
      sql.row(
          "select latchkey.switch_legacy_key(?, ?)",
          name,
          !off.equals(name) && !off.equals("both"));
    }

    for (String method : METHODS) {
      HttpCall call = HttpCall.of(method);
      call = apiKey.isEmpty() ? call : call.apiKey(apiKey);
      call = claims.isEmpty() ? call : call.token(claims);

      assertThat(answer(call)).as(method).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})
  void theMethodChangesNoAnswer(String method) {
    assertThat(answer(HttpCall.of(method))).isEqualTo("anon 1");
    assertThat(answer(HttpCall.of(method).apiKey(fixture.apiKey("scoped", "active"))))
        .isEqualTo("api_key 3");
    assertThat(answer(HttpCall.of(method).apiKey(fixture.apiKey("secret", "revoked"))))
        .isEqualTo("api_key_invalid");
    assertThat(answer(HttpCall.of(method).token(fixture.claims("revoked-token"))))
        .isEqualTo("token_invalid");
  }

  @Test
  void aRefusalIsWhatPostgrestTurnsInto401() {
    SqlFailure failure = refusal(HttpCall.of("GET").apiKey("sk_none"));

    assertThat(failure.sqlState()).isEqualTo("PGRST");
    assertThat(failure.getMessage())
        .contains("{\"code\":\"api_key_invalid\",\"message\":\"Invalid API key\"}")
        .contains("{\"status\":401,\"headers\":{}}")
        .doesNotContain("sk_none");
  }

  @Test
  void theRequestOfAScopedKeyIsTheKeysAndNoUsers() {
    String key = fixture.apiKey("scoped", "active");
    String id = sql.text("select id from latchkey.keys where ksuid = left(right(?, 65), 27)", key);

    String identity =
        HttpCall.of("POST")
            .apiKey(key)
            .token(fixture.claims("user"))
            .run(
                DATABASE,
                request ->
                    request.text(
                        """
                        select concat_ws(' ', current_user, auth.uid(), current_setting('request.jwt.claims')::jsonb - 'sub',
                          current_setting('request.jwt.claim.sub'))
                        """));

    assertThat(identity).isEqualTo("api_key %s {\"role\": \"api_key\"} %s".formatted(id, id));
  }

  @Test
  void theRoleOfARequestEndsWithIt() throws SQLException {
    String key = fixture.apiKey("secret", "active");
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.execute("set session authorization authenticator; set local role anon");
      session.row(
          "select set_config('request.headers', jsonb_build_object('apikey', ?::text)::text, true)",
          key);
      session.row("select public.pre_request()");
      assertThat(session.text("select current_user")).isEqualTo("service_role");
      connection.commit();

      assertThat(session.text("select current_user")).isEqualTo("authenticator");
      assertThat(session.text("select current_setting('request.jwt.claims')")).isEmpty();
    }
  }

  @Test
  void aCustomRoleOfATokenMayAskTheGate() {
    long now = Instant.now().getEpochSecond();
    String claims =
        "{\"role\": \"http_gate_worker\", \"iat\": %d, \"exp\": %d}".formatted(now, now + 60);
    assertThat(answer(HttpCall.of("GET").token(claims))).isEqualTo("http_gate_worker 0");
  }

  @Test
  void aRoleThatBecameASuperuserLaterIsRefused() throws SQLException {
    String key = fixture.apiKey("worker", "active");
    sql.execute("alter role http_gate_worker superuser");
    try {
      assertThat(answer(HttpCall.of("GET").apiKey(key))).isEqualTo("api_key_invalid");
    } finally {
      sql.execute("alter role http_gate_worker nosuperuser");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, api_key 3",
    "'203.0.113.9, 10.1.2.3', api_key 3",
    "'10.1.2.3, 203.0.113.9', api_key_invalid",
    "::ffff:10.1.2.3, api_key 3",
    "2001:db8::1, api_key 3",
    "unknown, api_key_invalid",
    "'', api_key_invalid"
  })
  void networksAreComparedWithTheAddressThatTheNearestProxyWrote(
      String forwarded, String expected) {
    String key = fixture.apiKey("scoped", "active");
    HttpCall call = HttpCall.of("GET").apiKey(key);
    sql.row(
        """
        select latchkey.update_api_key(id, 1, '{"allowed_cidrs": ["10.0.0.0/8", "2001:db8::/32"]}')
        from latchkey.keys where ksuid = left(right(?, 65), 27)
        """,
        key);

    assertThat(answer(call)).as("no address").isEqualTo("api_key_invalid");
    assertThat(answer(call.with("x-forwarded-for", forwarded))).isEqualTo(expected);
  }

  @Test
  void readingWritesNothing() {
    String keys = fixture.keys().contents();
    for (String method : HttpCall.READING) {
      answer(HttpCall.of(method).token(fixture.claims("legacy-anon")));
      answer(HttpCall.of(method).apiKey("sk_none"));
    }
    assertThat(sql.number("select count(*) from api_keys_private.legacy_key_minutes")).isZero();
    assertThat(fixture.keys().contents()).isEqualTo(keys);
  }

  @Test
  void theUseOfALegacyKeyIsRememberedByTheMinute() {
    HttpCall call = HttpCall.of("POST").token(fixture.claims("legacy-anon"));
    assertThat(answer(call)).isEqualTo("anon 1");
    sql.execute(
        "update api_keys_private.legacy_key_minutes set minute = minute - interval '1 day'");
    assertThat(answer(call)).isEqualTo("anon 1");
    assertThat(answer(call.apiKey(HttpCall.jwt(call.claims())))).isEqualTo("anon 1");

    assertThat(
            sql.texts(
                "select name || ' ' || minutes from latchkey.legacy_key_days order by day limit 1"))
        .containsExactly("anon 1");
    assertThat(sql.number("select count(*) from latchkey.legacy_key_days")).isEqualTo(2);
    assertThat(
            sql.truth(
                "select last_used_at > now() - interval '3 minutes' from latchkey.legacy_keys where name = 'anon'"))
        .isTrue();
    assertThat(
            sql.truth(
                "select last_used_at is null from latchkey.legacy_keys where name = 'service_role'"))
        .isTrue();
  }

  @Test
  void rememberingAUseNeverWaitsForOthers() throws SQLException {
    try (Connection holder = DATABASE.connect()) {
      holder.setAutoCommit(false);
      Sql.on(holder).truth("select api_keys_private.use_legacy_key('anon')");

      String answer =
          HttpCall.of("POST")
              .run(
                  DATABASE,
                  request -> {
                    request.execute("reset session authorization; set local lock_timeout = '1ms'");
                    return request.text("select api_keys_private.use_legacy_key('anon')");
                  });

      assertThat(answer).isEqualTo("true");
      holder.rollback();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"request.headers", "request.jwt.claims"})
  void whatIsNotJsonIsRefusedWithoutShowingIt(String setting) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Sql session = Sql.on(connection);
      session.execute("set session authorization authenticator; set role anon");
      session.row("select set_config(?, '{\"apikey\": sk_hidden', false)", setting);

      SqlFailure failure =
          catchThrowableOfType(SqlFailure.class, () -> session.row("select public.pre_request()"));

      assertThat(failure.sqlState()).isEqualTo("22023");
      assertThat(failure.getMessage()).contains(setting).doesNotContain("hidden");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.b.c", "e30.bnVsbA.x", "...", "eyJ.e.", "sk_", "jit_x", "Bearer x", "\u00e9"})
  void garbageInTheHeaderIsAnInvalidKey(String garbage) {
    assertThat(answer(HttpCall.of("POST").apiKey(garbage))).isEqualTo("api_key_invalid");
  }

  @Test
  void onlyTheApiServerIsAnswered() {
    SqlFailure failure =
        catchThrowableOfType(SqlFailure.class, () -> sql.row("select public.pre_request()"));
    assertThat(failure.sqlState()).isEqualTo("42501");
  }

  /** The role of the request and how many documents it sees; the code where it is refused. */
  private static String answer(HttpCall call) {
    try {
      return call.run(
          apiServer,
          request ->
              request.text(
                  "select current_user || ' ' || (select count(*) from public.documents)"));
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    } catch (SqlFailure failure) {
      assertThat(failure.sqlState()).as(failure.getMessage()).isEqualTo("PGRST");
      assertThat(failure.getMessage()).contains("\"status\":401");
      return failure.getMessage().replaceAll("(?s)^.*\"code\":\"([a-z_]+)\".*$", "$1");
    }
  }

  private static SqlFailure refusal(HttpCall call) {
    return catchThrowableOfType(
        SqlFailure.class, () -> call.run(DATABASE, request -> request.text("select 1")));
  }
}
