package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who acts, and who is an operator: nothing that a session can set by itself makes it more. */
final class ActorTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);

  @BeforeAll
  static void makeRoles() {
    DATABASE
        .sql()
        .execute(
            """
            create role sql_test_operator login;
            create role sql_test_auditor login;
            create role sql_test_reluctant login noinherit;
            create role sql_test_user login;
            create role sql_test_mixture;
            grant latchkey_operator to sql_test_operator, sql_test_reluctant, sql_test_mixture;
            grant latchkey_auditor to sql_test_auditor;
            grant authenticated to sql_test_user;
            grant sql_test_mixture to authenticator;
            """);
  }

  @AfterAll
  static void dropRoles() {
    DATABASE
        .sql()
        .execute(
            "drop role sql_test_operator, sql_test_auditor, sql_test_reluctant, sql_test_user,"
                + " sql_test_mixture");
  }

  @Test
  void aDirectLoginIsItsRole() throws SQLException {
    try (Connection connection = DATABASE.connectAs("sql_test_operator")) {
      Sql operator = Sql.on(connection);
      assertThat(
              operator.row(
                  "select a ->> 'id' as id, a ->> 'type' as type, a ->> 'display' as"
                      + " display, a ->> 'via' as via from latchkey.actor() as a"))
          .containsEntry("id", "sql_test_operator")
          .containsEntry("type", "role")
          .containsEntry("display", "sql_test_operator")
          .containsEntry("via", "direct");
      assertThat(operator.truth("select latchkey.is_operator()")).isTrue();
      assertThat(operator.truth("select latchkey.is_auditor()")).isFalse();
    }
  }

  @Test
  void aDirectLoginStaysItselfWhateverClaimsItSets() throws SQLException {
    try (Connection connection = DATABASE.connectAs("sql_test_operator")) {
      Sql operator = Sql.on(connection);
      operator.rows(
          "select set_config('request.jwt.claims', ?, false)",
          "{\"sub\": \"%s\", \"email\": \"someone.else@example.com\"}"
              .formatted(UUID.randomUUID()));

      assertThat(operator.text("select latchkey.actor() ->> 'display'"))
          .isEqualTo("sql_test_operator");
    }
  }

  @Test
  void forgedClaimsOfAMemberOpenNoAccountToADirectLogin() throws SQLException {
    UUID account = fixture.account("Acme");
    UUID member = fixture.member(account);
    try (Connection connection = DATABASE.connectAs("sql_test_user")) {
      Sql user = Sql.on(connection);
      user.rows(
          "select set_config('request.jwt.claims', ?, false)",
          "{\"sub\": \"%s\"}".formatted(member));

      fixture.assertRefused(
          "42501",
          "Unauthorized",
          () ->
              user.text(
                  "select public.create_api_key(?, 'x', ?::jsonb)", account, KeyFixture.READ_ALL));
      user.execute("set role authenticated");
      fixture.assertRefused(
          "42501",
          "Unauthorized",
          () -> user.rows("select * from public.list_api_keys(?)", account));
    }
  }

  @Test
  void aRequestIsTheUserOfItsToken() {
    UUID account = fixture.account("Acme");
    UUID member = fixture.member(account);
    try (ApiRequest request = ApiRequest.user(DATABASE, member)) {
      UUID key = new KeyFixture(request.sql()).key(account).id();

      assertThat(
              sql.row(
                  "select actor_id, actor_type, actor_display, actor_via from latchkey.events where"
                      + " object_id = ?",
                  key.toString()))
          .containsEntry("actor_id", member.toString())
          .containsEntry("actor_type", "user")
          .containsEntry("actor_display", "ada@example.com")
          .containsEntry("actor_via", "api");
      assertThat(sql.row("select created_by, created_by_name from latchkey.keys where id = ?", key))
          .containsEntry("created_by", member)
          .containsEntry("created_by_name", "ada@example.com");
    }
  }

  @Test
  void aRequestWithoutAUserIsItsRole() {
    UUID account = fixture.account("Acme");
    fixture.key(account);
    try (ApiRequest request = ApiRequest.service(DATABASE)) {
      request.sql().execute("delete from public.accounts where id = ?", account);
    }
    assertThat(
            sql.row(
                "select actor_id, actor_type, actor_via from latchkey.events where type ="
                    + " 'key.revoked' order by id desc limit 1"))
        .containsEntry("actor_id", "service_role")
        .containsEntry("actor_type", "role")
        .containsEntry("actor_via", "api");
  }

  @Test
  void theMemberOfTemporaryAccessComesFirst() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.execute(
          """
          create or replace function temporary_access.current_member() returns jsonb
          language sql stable security definer set search_path = pg_catalog, pg_temp
          as $$ select '{"id": "7", "type": "member", "display": "Ada", "via": "login x"}'::jsonb $$
          """);
      assertThat(session.text("select latchkey.actor() ->> 'display'")).isEqualTo("Ada");
      connection.rollback();
    }
  }

  @Test
  void anOperatorThatLowersItselfIsTakenAtItsWord() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Sql session = Sql.on(connection);
      assertThat(session.truth("select latchkey.is_operator()")).isTrue();
      session.execute("grant execute on function latchkey.is_operator() to authenticated");
      session.execute("grant usage on schema latchkey to authenticated");
      session.execute("set role authenticated");
      assertThat(session.truth("select latchkey.is_operator()")).isFalse();
      session.execute("reset role");
      session.execute("revoke execute on function latchkey.is_operator() from authenticated");
      session.execute("revoke usage on schema latchkey from authenticated");
    }
  }

  @Test
  void setRoleMakesNobodyAnOperator() throws SQLException {
    fixture.key(fixture.account("Acme"));
    try (Connection connection = DATABASE.connectAs("sql_test_reluctant")) {
      Sql session = Sql.on(connection);
      session.execute("set role latchkey_operator");
      assertThat(session.truth("select latchkey.is_operator()")).isFalse();
      assertThat(session.number("select count(*) from latchkey.keys")).isZero();
      fixture.assertRefused(
          "42501",
          "Only a member of role latchkey_operator may create keys of the project",
          () -> session.text("select latchkey.create_project_key('secret', 'x')"));
    }
  }

  @Test
  void theApiServerIsNoOperatorWhateverRoleItsRequestsMayBecome() {
    try (ApiRequest request = ApiRequest.open(DATABASE, "sql_test_mixture", "")) {
      assertThat(request.sql().truth("select latchkey.is_operator()")).isFalse();
      assertThat(request.sql().number("select count(*) from latchkey.keys")).isZero();
      assertThat(request.sql().number("select count(*) from latchkey.events")).isZero();
      fixture.assertRefused(
          "42501",
          "Only a member of role latchkey_operator may create keys of the project",
          () -> request.sql().text("select latchkey.create_project_key('secret', 'x')"));
    }
  }

  @Test
  void theApiServerIsNoOperatorEvenWhenItIsMadeOne() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.execute("alter role authenticator inherit");
      session.execute("grant latchkey_operator to authenticator");
      session.execute("set session authorization authenticator");
      assertThat(session.truth("select latchkey.is_operator()")).isFalse();
      connection.rollback();
    }
  }

  @Test
  void operatorsAndAuditorsReadTheViewsAlsoInReadOnlyTransactions() throws SQLException {
    fixture.key(fixture.account("Acme"));
    for (String role : new String[] {"sql_test_operator", "sql_test_auditor"}) {
      try (Connection connection = DATABASE.connectAs(role)) {
        connection.setReadOnly(true);
        Sql session = Sql.on(connection);
        assertThat(session.number("select count(*) from latchkey.keys")).isPositive();
        assertThat(session.number("select count(*) from latchkey.accounts")).isPositive();
        assertThat(session.number("select count(*) from latchkey.events")).isPositive();
        assertThat(session.number("select count(*) from latchkey.usage")).isNotNegative();
        assertThat(session.number("select count(*) from latchkey.usage_daily")).isNotNegative();
        assertThat(session.number("select count(*) from latchkey.unknown_keys")).isNotNegative();
      }
    }
  }

  @Test
  void anAuditorChangesNothing() throws SQLException {
    UUID account = fixture.account("Acme");
    UUID key = fixture.key(account).id();
    try (Connection connection = DATABASE.connectAs("sql_test_auditor")) {
      Sql auditor = Sql.on(connection);
      fixture.assertRefused(
          "42501",
          "permission denied",
          () -> auditor.row("select latchkey.revoke_key(?, 'x')", key));
      fixture.assertRefused(
          "42501",
          "permission denied",
          () -> auditor.row("select public.create_api_key(?, 'x', '[]')", account));
      fixture.assertRefused(
          "42501", "permission denied", () -> auditor.execute("delete from latchkey.events"));
    }
  }

  @Test
  void anOperatorManagesThroughFunctionsOnly() throws SQLException {
    UUID account = fixture.account("Acme");
    try (Connection connection = DATABASE.connectAs("sql_test_operator")) {
      Sql operator = Sql.on(connection);
      UUID key = new KeyFixture(operator).key(account).id();
      operator.row("select latchkey.revoke_key(?, 'Done')", key);

      for (String table :
          new String[] {
            "api_keys_private.api_keys", "api_keys_private.api_key_logs", "audit.events"
          }) {
        fixture.assertRefused(
            "42501", "permission denied", () -> operator.rows("select * from " + table));
        fixture.assertRefused(
            "42501", "permission denied", () -> operator.execute("delete from " + table));
      }
    }
  }
}
