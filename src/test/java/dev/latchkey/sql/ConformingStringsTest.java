package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.Migrations;
import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Everything in a session where a backslash in a plain string escapes, as it did long ago. */
final class ConformingStringsTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private Connection connection;
  private Sql old;
  private KeyFixture fixture;

  @BeforeAll
  static void makeRole() {
    DATABASE.sql().execute("create role sql_test_backslash login; create role pgxbackslash login");
  }

  @AfterAll
  static void dropRole() {
    DATABASE.sql().execute("drop role sql_test_backslash, pgxbackslash");
  }

  @BeforeEach
  void beginOldSession() throws SQLException {
    connection = DATABASE.connect();
    old = Sql.on(connection);
    old.execute("set standard_conforming_strings = off; set escape_string_warning = off");
    fixture = new KeyFixture(old);
  }

  @AfterEach
  void endOldSession() throws SQLException {
    connection.close();
  }

  /** The rule that keeps it so: a body that is read when it runs escapes by E'…' only. */
  @Test
  void noBodyHasABackslashInAPlainString() {
    List<String> plain =
        DATABASE
            .sql()
            .texts(
                """
                select p.oid::regprocedure
                from pg_proc as p
                join pg_namespace as n on n.oid = p.pronamespace
                where (n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
                    or n.nspname = 'public')
                  and strpos(regexp_replace(p.prosrc, $$E'([^'\\\\]|\\\\.|'')*'$$, '', 'g'), chr(92)) > 0
                """);
    assertThat(plain).isEmpty();
  }

  @Test
  void keysAreMadeVerifiedRotatedAndRevoked() {
    UUID account = fixture.account("Acme");
    MadeKey key = fixture.key(account);
    assertThat(fixture.valid(key.key())).isTrue();
    assertThat(fixture.valid(key.key().replace("sk_", "sk_0"))).isFalse();
    assertThat(old.truth("select (public.verify_api_key('sk_none') ->> 'valid')::boolean"))
        .isFalse();
    assertThat(old.truth("select (public.verify_api_key(repeat('a', 60)) ->> 'valid')::boolean"))
        .as("one of an older format")
        .isFalse();
    assertThat(
            old.truth(
                "select (public.verify_api_key(?, '203.0.113.7') ->> 'valid')::boolean", key.key()))
        .isTrue();
    MadeKey next = fixture.made("select latchkey.rotate_api_key(?, interval '1 day')", key.id());
    old.row("select latchkey.update_api_key(?, 1, '{\"name\": \"Other\"}')", next.id());
    old.row("select latchkey.disable_api_key(?)", next.id());
    old.row("select latchkey.enable_api_key(?)", next.id());
    assertThat(old.truth("select public.revoke_api_key(?)", next.id())).isTrue();
    assertThat(fixture.projectKey("secret").key()).startsWith("sb_secret_");
  }

  @Test
  void usageIsLoggedWithItsAddress() {
    UUID key = fixture.key(fixture.account("Acme")).id();
    old.row("select public.log_api_key_usage(?, '/a', 'GET', 200, '203.0.113.7', 'curl')", key);
    old.row(
        "select public.log_api_key_usage_batch(jsonb_build_array(jsonb_build_object('api_key_id', ?::uuid, 'endpoint', '/b', 'method', 'GET', 'ip_address', '203.0.113.7')))",
        key);
    old.row("select latchkey.maintain_usage_log()");
    assertThat(
            old.number(
                "select count(*) from latchkey.usage where api_key_id = ? and ip_address = '203.0.113.7'",
                key))
        .isEqualTo(2);
    assertThat(old.truth("select api_keys_private.address_of('203x0x113x7') is null")).isTrue();
  }

  @Test
  void theGateForHttpReadsTokens() throws SQLException {
    String claims = HttpGateFixture.legacy("anon", System.currentTimeMillis() / 1000);
    assertThat(old.text("select api_keys_private.jwt_claims(?) ->> 'role'", HttpCall.jwt(claims)))
        .isEqualTo("anon");
    assertThat(old.text("select api_keys_private.jwt_claims('axbxc')")).isNull();
    MadeKey key = fixture.key(fixture.account("Acme"));
    String role =
        HttpCall.of("POST")
            .apiKey(key.key())
            .with("x-forwarded-for", "203.0.113.7")
            .run(connection, request -> request.text("select current_user"));
    assertThat(role).isEqualTo("api_key");
    connection.setAutoCommit(true);
    old.execute("reset session authorization");
    old.execute("select latchkey.switch_http_gate(true)");
    assertThat(old.truth("select is_on from latchkey.switch_http_gate(false)")).isFalse();
    String token =
        old.text(
            "select public.register_user_token('CI', now() + interval '1 year', jsonb_build_object('sub', gen_random_uuid())) ->> 'jti'");
    assertThat(old.truth("select public.revoke_user_token(?)", token)).isTrue();
  }

  @Test
  void accessIsGivenByItsRules() {
    SqlFailure failure =
        catchThrowableOfType(
            SqlFailure.class,
            () ->
                old.row(
                    "select latchkey.set_access_policy(jsonb_build_object('reason_pattern', ?::text))",
                    "(a+)+\\1$"));
    assertThat(failure).as("a back-reference").isNotNull();
    assertThat(failure.sqlState()).isEqualTo("22023");
    assertThat(failure.getMessage()).contains("back-references are not allowed");

    assertThat(old.texts("select latchkey.assignable_roles()"))
        .contains("sql_test_backslash", "pgxbackslash");
    String member =
        old.text("select user_id from latchkey.add_member('ada@example.com', 'Ada', null)");
    old.row("select latchkey.set_temporary_access('enabled')");
    old.row(
        "select count(*) from latchkey.set_member_roles(?::uuid, '[{\"role\": \"sql_test_backslash\", \"expires_at\": \"2099-01-01T00:00:00.5Z\"}]', 'Why')"
            .replace(
                "2099-01-01T00:00:00.5Z",
                Instant.now().plusSeconds(90_000).truncatedTo(ChronoUnit.MILLIS).toString()),
        member);
    String token =
        old.text(
            "select latchkey.create_access_token(?::uuid, 'Laptop', now() + interval '1 day') ->> 'token'",
            member);
    assertThat(
            old.text(
                "select temporary_access.authorize('sql_test_backslash', ?, '203.0.113.7', 1)",
                token))
        .isNotNull();
    assertThat(
            old.text(
                "select temporary_access.authorize('sql_test_backslash', 'jit_none', '203.0.113.7', 1)"))
        .isNull();
    old.row("select latchkey.freeze_member(?::uuid, 'Over')", member);
    old.row("select latchkey.set_temporary_access('disabled')");
  }

  @Test
  void everyViewOfOperatorsCanBeRead() {
    for (String view :
        old.texts(
            "select format('latchkey.%I', viewname) from pg_views where schemaname = 'latchkey'")) {
      assertThat(old.number("select count(*) from " + view)).as(view).isNotNegative();
    }
  }

  @Test
  void installingMakesTheSame() throws SQLException {
    List<String> before = new Catalogue(DATABASE.sql()).fingerprint();
    String other = DATABASE.createDatabase(false);
    try (Connection installing = DATABASE.address().dataSource(other, "postgres").getConnection()) {
      Sql installer = Sql.on(installing);
      installer.execute("set standard_conforming_strings = off");
      installer.execute(Migrations.script());
      assertThat(new Catalogue(DATABASE.sqlIn(other)).fingerprint()).isEqualTo(before);
    } finally {
      DATABASE.dropDatabase(other);
    }
  }
}
