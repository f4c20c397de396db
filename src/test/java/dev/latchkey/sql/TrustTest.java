package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose claims count, and that nobody's code acts in a mighty session's name. */
@DependsOnMajor("membership with INHERIT, SET and ADMIN apart (16)")
final class TrustTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String ACTOR =
      "select concat_ws(' ', a ->> 'type', a ->> 'display', a ->> 'via') from latchkey.actor() as a";

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private UUID account;
  private UUID member;

  @BeforeAll
  static void makeRoles() {
    DATABASE
        .sql()
        .execute(
            """
            create role sql_test_server login noinherit;
            grant latchkey_api_server to sql_test_server;
            create role sql_test_servers;
            grant latchkey_api_server to sql_test_servers;
            create role sql_test_grouped login;
            grant sql_test_servers to sql_test_grouped;
            create role sql_test_frontend login;
            grant authenticator to sql_test_frontend;
            create role sql_test_app login;
            grant authenticated to sql_test_app;
            create schema sql_test_apps authorization sql_test_app;
            create role sql_test_maker login createrole;
            create role sql_test_clerk login;
            grant latchkey_operator, authenticated to sql_test_clerk;
            grant authenticated to sql_test_server, sql_test_grouped, sql_test_maker;
            grant execute on function latchkey.actor() to authenticated;
            grant usage on schema latchkey to authenticated;
            """);
  }

  @AfterAll
  static void dropRoles() {
    DATABASE
        .sql()
        .execute(
            """
            revoke execute on function latchkey.actor() from authenticated;
            revoke usage on schema latchkey from authenticated;
            drop schema sql_test_apps cascade;
            drop role sql_test_server, sql_test_servers, sql_test_grouped, sql_test_frontend, sql_test_app,
              sql_test_maker, sql_test_clerk;
            """);
  }

  @BeforeEach
  void makeAccount() {
    account = fixture.account("Acme");
    member = fixture.member(account);
  }

  // ── Whose claims count ────────────────────────────────────────────────────────────────────────

  /** As pgTAP files, {@code supabase test db} and the impersonation of SQL editors work. */
  @Test
  void aSessionThatMayBecomeTheOwnerAndLowersItselfIsTheUserOfItsClaims() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Sql session = claiming(connection);
      session.execute("set role authenticated");

      assertThat(session.text(ACTOR)).isEqualTo("user ada@example.com postgres");
      UUID key = new KeyFixture(session).key(account).id();
      assertThat(session.number("select count(*) from public.list_api_keys(?)", account)).isOne();
      assertThat(session.truth("select public.revoke_api_key(?)", key)).isTrue();
      assertThat(session.text("select public.register_user_token('CI', now() + interval '2 days')"))
          .contains(member.toString());
      assertThat(
              sql.row(
                  "select actor_id, actor_via from latchkey.events where object_id = ? and type ="
                      + " 'key.created'",
                  key.toString()))
          .containsEntry("actor_id", member.toString())
          .containsEntry("actor_via", "postgres");
    }
  }

  @Test
  void aSuperuserWhoDidNotLowerHimselfStaysHimself() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Sql session = claiming(connection);
      assertThat(session.text(ACTOR)).isEqualTo("role postgres direct");
      session.execute("set role sql_test_app");
      assertThat(session.text(ACTOR))
          .as("a role that the API server may not become")
          .isEqualTo("role postgres direct");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sql_test_server", "sql_test_grouped"})
  void anyMemberOfApiServersIsOne(String login) throws SQLException {
    try (Connection connection = DATABASE.connectAs(login)) {
      Sql session = claiming(connection);
      session.execute("set role authenticated");
      assertThat(session.text(ACTOR)).isEqualTo("user ada@example.com api");
      assertThat(new KeyFixture(session).key(account).id()).isNotNull();
      session.execute("select set_config('request.headers', '{}', false)");
      session.execute("select public.pre_request()");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sql_test_frontend, a member of authenticator",
    "sql_test_app, the owner of another schema",
    "sql_test_clerk, an operator"
  })
  void theClaimsOfOthersDoNotCount(String login, String who) throws SQLException {
    try (Connection connection = DATABASE.connectAs(login)) {
      Sql session = claiming(connection);
      session.execute("set role authenticated");
      assertThat(session.text(ACTOR)).as(who).isEqualTo("role %s direct".formatted(login));
      fixture.assertRefused("42501", "Unauthorized", () -> new KeyFixture(session).key(account));
      fixture.assertRefused(
          "42501",
          "Only the API server may ask",
          () -> session.execute("select public.pre_request()"));
    }
  }

  /** From 16 on it is a member of what it made, with ADMIN and nothing else. */
  @Test
  void whoMadeARoleIsNoApiServer() throws SQLException {
    sql.execute("grant latchkey_api_server to sql_test_maker with admin option");
    if (sql.number("select current_setting('server_version_num')::integer") >= 160000) {
      sql.execute(
          "grant latchkey_api_server to sql_test_maker with admin option, inherit false, set false");
      try (Connection connection = DATABASE.connectAs("sql_test_maker")) {
        Sql session = claiming(connection);
        session.execute("set role authenticated");
        assertThat(session.text(ACTOR)).isEqualTo("role sql_test_maker direct");
      }
    }
    sql.execute("revoke latchkey_api_server from sql_test_maker");
  }

  @Test
  void preRequestIsTestedAsASuperuserWhoLoweredHimself() throws SQLException {
    String key = fixture.key(account).key();
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.execute("set local role anon");
      session.rows(
          "select set_config('request.headers', ?, true)", "{\"apikey\": \"%s\"}".formatted(key));
      session.execute("select public.pre_request()");
      assertThat(session.text("select current_user")).isEqualTo("api_key");
      assertThat(session.text("select public.get_api_key_account_id()"))
          .isEqualTo(account.toString());
      connection.rollback();
    }
  }

  @Test
  void aKeyThatActsIsRecordedAsThatKey() {
    UUID key = fixture.key(account).id();
    sql.execute(
        "grant select, delete on public.accounts to api_key; create policy sql_test_all on public.accounts to"
            + " api_key using (true)");
    UUID other = fixture.account("Other");
    UUID othersKey = fixture.key(other).id();
    try (ApiRequest request = ApiRequest.key(DATABASE, key)) {
      request.sql().execute("delete from public.accounts where id = ?", other);
    }
    sql.execute(
        "drop policy sql_test_all on public.accounts; revoke select, delete on public.accounts from api_key");
    assertThat(
            sql.row(
                "select actor_id, actor_type, actor_display, actor_via from latchkey.events where"
                    + " object_id = ? and type = 'key.revoked'",
                othersKey.toString()))
        .containsEntry("actor_id", key.toString())
        .containsEntry("actor_type", "key")
        .containsEntry("actor_display", "Build server")
        .containsEntry("actor_via", "api");
  }

  // ── Strangers' code in a mighty session ───────────────────────────────────────────────────────

  /** Each is what a role with {@code authenticated} may execute and operators may too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "public.create_api_key('%1$s', 'Mine', '[]')",
        "public.list_api_keys('%1$s')",
        "public.revoke_api_key('%2$s')",
        "public.register_user_token('Mine', now() + interval '2 days', '{\"sub\": \"%3$s\"}')",
        "public.list_user_tokens()",
        "public.revoke_user_token('%4$s')",
        "ksuid_keys.create_api_key('%3$s', 'Mine')",
        "ksuid_keys.list_api_keys('%3$s')"
      })
  void aStrangersCodeIsNoOperatorInAnalyzeNorInADefinerFunction(String call) throws SQLException {
    UUID key = fixture.key(account).id();
    String token =
        sql.text(
            "select public.register_user_token('CI', now() + interval '2 days', jsonb_build_object('sub',"
                + " ?)) ->> 'jti'",
            member.toString());
    String attack = call.formatted(account, key, member, token);
    try (Connection connection = DATABASE.connectAs("sql_test_app")) {
      Sql app = Sql.on(connection);
      app.execute(
          """
          drop table if exists sql_test_apps.bait, sql_test_apps.loot;
          create table sql_test_apps.loot (what text);
          create or replace function sql_test_apps.note(p_what text) returns void
            language sql as $$ insert into sql_test_apps.loot values (p_what) $$;
          create or replace function sql_test_apps.act(p_number integer) returns integer
            language plpgsql immutable security definer
          as $$
          begin
            if session_user <> 'sql_test_app' then
              perform set_config('request.jwt.claims', '{"sub": "%s", "role": "authenticated"}', true);
              perform * from %s;
              perform sql_test_apps.note('done');
            end if;
            return p_number;
          exception when insufficient_privilege then
            perform sql_test_apps.note('refused');
            return p_number;
          end
          $$;
          create table sql_test_apps.bait (number integer);
          create index on sql_test_apps.bait (sql_test_apps.act(number));
          insert into sql_test_apps.bait select * from generate_series(1, 3);
          """
              .formatted(member, attack));
      assertThat(app.texts("select what from sql_test_apps.loot")).as("as herself").isEmpty();
    }
    String before = fixture.contents();

    // As a superuser does, and autovacuum in the name of one.
    sql.execute("analyze sql_test_apps.bait");
    assertThat(sql.texts("select distinct what from sql_test_apps.loot"))
        .containsExactly("refused");
    sql.execute("truncate sql_test_apps.loot");
    sql.rows("select sql_test_apps.act(1)");
    assertThat(sql.texts("select distinct what from sql_test_apps.loot"))
        .containsExactly("refused");
    assertThat(fixture.contents()).isEqualTo(before);
  }

  @Test
  void operatorsGoOnThroughTheirOwnDoor() throws SQLException {
    try (Connection connection = DATABASE.connectAs("sql_test_clerk")) {
      Sql clerk = Sql.on(connection);
      UUID key = new KeyFixture(clerk).key(account).id();
      assertThat(clerk.number("select count(*) from public.list_api_keys(?)", account)).isOne();
      assertThat(clerk.truth("select public.revoke_api_key(?)", key)).isTrue();
    }
    try (Connection connection = DATABASE.connectAs("sql_test_app")) {
      Sql app = Sql.on(connection);
      fixture.assertRefused(
          "42501",
          "permission denied",
          () ->
              app.rows(
                  "select latchkey_doors.create_api_key_as_operator(?, 'x', '[]', null)", account));
    }
  }

  private Sql claiming(Connection connection) {
    Sql session = Sql.on(connection);
    session.rows(
        "select set_config('request.jwt.claims', ?, false)",
        "{\"sub\": \"%s\", \"role\": \"authenticated\", \"email\": \"ada@example.com\", \"iat\": 1, \"exp\": 3601}"
            .formatted(member));
    return session;
  }
}
