package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators do to keys: the functions of schema latchkey. */
final class ChangeKeysTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String UPDATE =
      "select name, version, status from latchkey.update_api_key(?, ?, ?::jsonb)";

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private MadeKey key;

  @BeforeAll
  static void makeRoles() {
    DATABASE
        .sql()
        .execute(
            """
            create role sql_test_clerk login;
            create role sql_test_worker;
            grant sql_test_worker to authenticator;
            create role sql_test_boss;
            grant postgres to sql_test_boss;
            grant sql_test_boss to authenticator;
            """);
  }

  @AfterAll
  static void dropRoles() {
    DATABASE.sql().execute("drop role sql_test_clerk, sql_test_worker, sql_test_boss");
  }

  @BeforeEach
  void makeKey() {
    key = fixture.key(fixture.account("Acme"));
  }

  @Test
  void aChangeAnswersWithTheRowAsItNowIs() {
    assertThat(
            sql.row(
                UPDATE,
                key.id(),
                1,
                """
                {"name": " Deploy ", "description": "Nightly", "rate_limit": 60, "expires_at": "2999-01-01T00:00:00Z",
                 "allowed_cidrs": ["10.0.0.0/8", "2001:db8::/32", "10.0.0.0/8"], "scopes": []}
                """))
        .containsEntry("name", "Deploy")
        .containsEntry("version", 2)
        .containsEntry("status", "active");
    assertThat(sql.row("select * from latchkey.keys where id = ?", key.id()))
        .containsEntry("description", "Nightly")
        .containsEntry("rate_limit", 60)
        .containsEntry("scope_count", 0);
    assertThat(sql.text("select allowed_cidrs::text from latchkey.keys where id = ?", key.id()))
        .isEqualTo("{10.0.0.0/8,2001:db8::/32}");
  }

  @Test
  void nullTakesALimitAway() {
    sql.row(
        UPDATE,
        key.id(),
        1,
        "{\"rate_limit\": 5, \"allowed_cidrs\": [\"::1\"], \"expires_at\": \"2999-01-01\"}");

    sql.row(
        UPDATE,
        key.id(),
        2,
        "{\"rate_limit\": null, \"allowed_cidrs\": null, \"expires_at\": null}");

    assertThat(
            sql.row(
                "select rate_limit, allowed_cidrs, expires_at from latchkey.keys where id = ?",
                key.id()))
        .allSatisfy((column, value) -> assertThat(value).as(column).isNull());
  }

  @Test
  void aChangeThatChangesNothingIsNoVersionAndNoEvent() {
    String before = fixture.contents();
    assertThat(sql.row(UPDATE, key.id(), 1, "{\"name\": \"Build server \"}"))
        .containsEntry("version", 1);
    assertThat(fixture.contents()).isEqualTo(before);
  }

  @Test
  void theSecondOfTwoEditorsIsToldThatTheKeyChanged() {
    sql.row(UPDATE, key.id(), 1, "{\"name\": \"First\"}");

    fixture.assertRefused(
        "PT409",
        "by postgres: it is version 2 now, not 1",
        () -> sql.row(UPDATE, key.id(), 1, "{\"name\": \"Second\"}"));
  }

  @Test
  void theSecondOfTwoEditorsWaitsForTheFirstAndThenSeesTheChange() throws Exception {
    try (var first = DATABASE.connect()) {
      first.setAutoCommit(false);
      Sql.on(first).row(UPDATE, key.id(), 1, "{\"name\": \"First\"}");
      var second =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowableOfType(
                      SqlFailure.class,
                      () -> sql.row(UPDATE, key.id(), 1, "{\"name\": \"Second\"}")));
      first.commit();

      assertThat(second.get().sqlState()).isEqualTo("PT409");
    }
    assertThat(sql.text("select name from latchkey.keys where id = ?", key.id()))
        .isEqualTo("First");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null | p_changes: must be an object",
        "[] | p_changes: must be an object",
        "{\"kind\": \"secret\"} | p_changes: must be an object with fields of name",
        "{\"key_hash\": \"x\", \"name\": \"y\"} | p_changes: must be an object with fields of name",
        "{\"name\": null} | p_changes.name: must not be blank",
        "{\"name\": \"  \"} | p_changes.name: must not be blank",
        "{\"name\": 7} | p_changes.name: must be a text or null",
        "{\"description\": [\"x\"]} | p_changes.description: must be a text or null",
        "{\"description\": \"a\\u0007b\"} | p_changes.description: must not contain control characters",
        "{\"scopes\": {}} | p_changes.scopes: must be an array of scopes",
        "{\"scopes\": [{}]} | p_changes.scopes: entry 1 lacks entity_type",
        "{\"expires_at\": \"soon\"} | p_changes.expires_at: must be a date",
        "{\"expires_at\": 1} | p_changes.expires_at: must be a text or null",
        "{\"expires_at\": \"2020-01-01\"} | p_changes.expires_at: must be in the future",
        "{\"expires_at\": \"infinity\"} | p_changes.expires_at: must be a date",
        "{\"allowed_cidrs\": []} | p_changes.allowed_cidrs: must be an array of 1 to 100 networks",
        "{\"allowed_cidrs\": \"::1\"} | p_changes.allowed_cidrs: must be an array of 1 to 100 networks",
        "{\"allowed_cidrs\": [\"::1\", null]} | p_changes.allowed_cidrs: entry 2 must be a network",
        "{\"allowed_cidrs\": [\"10.0.0.1/8\"]} | p_changes.allowed_cidrs: entry 1 must be a network",
        "{\"rate_limit\": 0} | p_changes.rate_limit: must be a whole number",
        "{\"rate_limit\": 1.5} | p_changes.rate_limit: must be a whole number",
        "{\"rate_limit\": \"9\"} | p_changes.rate_limit: must be a whole number",
        "{\"rate_limit\": 1e99} | p_changes.rate_limit: must be a whole number"
      })
  void aBadChangeIsRefusedAsAWhole(String changes, String message) {
    fixture.assertRefused("22023", message, () -> sql.row(UPDATE, key.id(), 1, changes));
  }

  @Test
  void aDescriptionIsBounded() {
    fixture.assertRefused(
        "22023",
        "p_changes.description: must have at most 500 characters, has 501",
        () -> sql.row(UPDATE, key.id(), 1, "{\"description\": \"%s\"}".formatted("x".repeat(501))));
  }

  @Test
  void aVersionMustBeGiven() {
    fixture.assertRefused(
        "22023",
        "p_version: must be the version that was read",
        () -> sql.row(UPDATE, key.id(), null, "{\"name\": \"x\"}"));
  }

  @Test
  void disablingIsReversibleAndRepeatingItWritesNothing() {
    assertThat(sql.text("select status from latchkey.disable_api_key(?)", key.id()))
        .isEqualTo("disabled");
    assertThat(fixture.valid(key.key())).isFalse();
    long events = fixture.events();
    assertThat(sql.number("select version from latchkey.disable_api_key(?)", key.id()))
        .isEqualTo(2);
    assertThat(fixture.events()).isEqualTo(events);

    assertThat(sql.text("select status from latchkey.enable_api_key(?)", key.id()))
        .isEqualTo("active");
    assertThat(fixture.valid(key.key())).isTrue();
    assertThat(sql.number("select version from latchkey.enable_api_key(?)", key.id())).isEqualTo(3);
    assertThat(fixture.events()).isEqualTo(events + 1);
  }

  @Test
  void revokingTellsWhenByWhomAndWhy() {
    assertThat(sql.row("select * from latchkey.revoke_key(?, ' Leaked in a log ')", key.id()))
        .containsEntry("status", "revoked")
        .containsEntry("revoked_by_name", "postgres")
        .containsEntry("revoke_reason", "Leaked in a log")
        .hasEntrySatisfying("revoked_at", at -> assertThat(at).isNotNull());
    assertThat(fixture.valid(key.key())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select latchkey.revoke_key(?, 'Again')",
        "select latchkey.disable_api_key(?)",
        "select latchkey.enable_api_key(?)",
        "select latchkey.update_api_key(?, 2, '{\"name\": \"x\"}')"
      })
  void aRevokedKeyStaysAsItIsAndSaysWhenAndByWhomItWasRevoked(String call) {
    sql.row("select latchkey.revoke_key(?, 'Leaked')", key.id());
    String when =
        sql.text(
            "select to_char(revoked_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') from"
                + " latchkey.keys where id = ?",
            key.id());

    fixture.assertRefused(
        "PT409",
        "The key was revoked on " + when + " UTC by postgres",
        () -> sql.row(call, key.id()));
  }

  @Test
  void aReasonIsBounded() {
    fixture.assertRefused(
        "22023",
        "p_reason: must have at most 500 characters, has 501",
        () -> sql.row("select latchkey.revoke_key(?, ?)", key.id(), "x".repeat(501)));
    fixture.assertRefused(
        "22023",
        "p_reason: must not contain control characters",
        () -> sql.row("select latchkey.revoke_key(?, ?)", key.id(), "a\u001bb"));
  }

  @Test
  void anUnknownKeyIsNotFound() {
    UUID unknown = UUID.randomUUID();
    for (String call : changing()) {
      fixture.assertRefused("PT404", "API key not found", () -> sql.row(call, unknown));
    }
  }

  @Test
  void someoneWhoIsNoOperatorMayNotEvenCall() {
    try (var connection = DATABASE.connectAs("sql_test_clerk")) {
      Sql clerk = Sql.on(connection);
      for (String call : changing()) {
        fixture.assertRefused(
            "42501", "permission denied for schema latchkey", () -> clerk.row(call, key.id()));
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static List<String> changing() {
    return List.of(
        "select latchkey.revoke_key(?, 'x')",
        "select latchkey.disable_api_key(?)",
        "select latchkey.enable_api_key(?)",
        "select latchkey.update_api_key(?, 1, '{\"name\": \"x\"}')");
  }

  @ParameterizedTest
  @CsvSource({"publishable, sb_publishable_, 80, anon", "secret, sb_secret_, 75, service_role"})
  void aProjectKeyHasItsPrefixAndItsRole(String kind, String prefix, int length, String role) {
    Map<String, Object> made =
        sql.row(
            """
            select made ->> 'key' as key, made ->> 'role' as role, made ->> 'kind' as kind, made ->> 'account_id' as account
            from latchkey.create_project_key(?, 'Web', null, 'For the shop', now() + interval '1 day') as made
            """,
            kind);

    assertThat((String) made.get("key")).hasSize(length).startsWith(prefix);
    assertThat(made).containsEntry("role", role).containsEntry("kind", kind);
    assertThat(made.get("account")).isNull();
  }

  @Test
  void aSecretKeyMayActAsARoleThatTheApiServerMayBecome() {
    MadeKey made =
        fixture.made("select latchkey.create_project_key('secret', 'Jobs', 'sql_test_worker')");
    assertThat(sql.text("select role from latchkey.keys where id = ?", made.id()))
        .isEqualTo("sql_test_worker");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "null, 'x', null, null, null, p_kind: must be publishable or secret",
        "'scoped', 'x', null, null, null, p_kind: must be publishable or secret",
        "'secret', ' ', null, null, null, p_name: must not be blank",
        "'secret', 'x', 'no_such_role', null, null, p_role: no such role",
        "'secret', 'x', 'postgres', null, null, p_role: a key never acts as a superuser",
        "'secret', 'x', 'sql_test_boss', null, null, p_role: a key never acts as a superuser",
        "'secret', 'x', 'latchkey_operator', null, null, p_role: a secret key acts as service_role",
        "'secret', 'x', 'authenticator', null, null, p_role: a secret key acts as service_role",
        "'secret', 'x', 'pg_read_all_data', null, null, p_role: a secret key acts as service_role",
        "'secret', 'x', 'sql_test_clerk', null, null, p_role: authenticator may not become this role",
        "'publishable', 'x', 'service_role', null, null, p_role: a publishable key always acts as anon",
        "'secret', 'x', null, repeat('x'@ 501), null, p_description: must have at most 500 characters",
        "'secret', 'x', null, null, now() - interval '1 day', p_expires_at: must be in the future"
      })
  void aBadProjectKeyIsRefused(
      String kind, String name, String role, String description, String expiry, String message) {
    fixture.assertRefused(
        "22023",
        message,
        () ->
            sql.row(
                "select latchkey.create_project_key(%s, %s, %s, %s, %s)"
                    .formatted(kind, name, role, description.replace('@', ','), expiry)));
  }

  @Test
  void projectKeysHaveNoScopes() {
    MadeKey project = fixture.projectKey("secret");
    fixture.assertRefused(
        "22023",
        "p_changes.scopes: only scoped keys have scopes",
        () -> sql.row(UPDATE, project.id(), 1, "{\"scopes\": []}"));
  }

  @Test
  void theStatusIsDerivedFromWhatHappened() {
    assertThat(status()).isEqualTo("active");
    sql.row(
        "select latchkey.update_api_key(?, 1, jsonb_build_object('expires_at', now() + interval '6"
            + " days'))",
        key.id());
    assertThat(status()).isEqualTo("expiring");
    sql.execute(
        "update api_keys_private.api_keys set replaced_by = gen_random_uuid() where id = ?",
        key.id());
    assertThat(status()).isEqualTo("rotating");
    sql.row("select latchkey.disable_api_key(?)", key.id());
    assertThat(status()).isEqualTo("disabled");
    fixture.expire(key.id());
    assertThat(status()).isEqualTo("expired");
    sql.row("select latchkey.revoke_key(?, 'Done')", key.id());
    assertThat(status()).isEqualTo("revoked");
  }

  @Test
  void theViewCountsDaysWithoutUse() {
    sql.execute(
        "update api_keys_private.api_keys set created_at = now() - interval '12 days 1 hour' where"
            + " id = ?",
        key.id());
    assertThat(sql.row("select unused_days, never_used from latchkey.keys where id = ?", key.id()))
        .containsEntry("unused_days", 12)
        .containsEntry("never_used", true);

    sql.execute(
        "update api_keys_private.api_keys set last_used_at = now() - interval '23 hours' where id ="
            + " ?",
        key.id());
    assertThat(sql.row("select unused_days, never_used from latchkey.keys where id = ?", key.id()))
        .containsEntry("unused_days", 0)
        .containsEntry("never_used", false);
  }

  private String status() {
    return sql.text("select status from latchkey.keys where id = ?", key.id());
  }
}
