package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Migrations;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

@DependsOnMajor("membership of roles (16) and privileges (17)")
class TemporaryAccessSecurityTest {
  private static final List<String> VIEWS =
      List.of("members", "grants", "access_tokens", "logins", "sessions", "findings");

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  @Test
  void theGatekeeperMayCallItsFunctionsAndNothingElse() {
    assertThat(executable("latchkey_gatekeeper", "temporary_access"))
        .containsExactlyInAnyOrder(
            "authorize", "attach_login", "end_login", "ended_logins", "seconds_left", "enforce");
    assertThat(executable("latchkey_gatekeeper", "latchkey"))
        .containsExactlyInAnyOrder("code_version", "schema_version");
  }

  @Test
  void theGatekeeperDecidesByTheNewestRowsWhateverTheDatabasesDefault() {
    String alter = "alter database " + database.name() + " %s default_transaction_isolation";
    access.superuser().execute(alter.formatted("set") + " = 'serializable'");
    try {
      assertThat(access.gatekeeper().text("show transaction_isolation"))
          .isEqualTo("read committed");
    } finally {
      access.superuser().execute(alter.formatted("reset"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anon",
        "authenticated",
        "service_role",
        "authenticator",
        "api_key",
        "access_stranger"
      })
  void othersMayCallAndReadNothing(String role) {
    assertThat(executable(role, "temporary_access")).isEmpty();
    assertThat(usage(role, "temporary_access")).isFalse();
    assertThat(readable(role, "temporary_access")).isEmpty();
    for (String view : VIEWS) {
      assertThat(
              access
                  .superuser()
                  .truth("select has_table_privilege(?, 'latchkey.' || ?, 'select')", role, view))
          .as(role + " reads " + view)
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"latchkey_operator", "latchkey_auditor"})
  void operatorsAndAuditorsReachNoTableAndNoInnerFunction(String role) {
    assertThat(usage(role, "temporary_access")).isFalse();
    assertThat(readable(role, "temporary_access")).isEmpty();
    assertThat(executable(role, "temporary_access"))
        .containsExactlyInAnyOrder(
            "live_sessions",
            "end_reason",
            "grant_status",
            "token_status",
            "why_unseen",
            "findings");
  }

  @Test
  void everyDefinerFunctionHasItsOwnSearchPath() {
    assertThat(
            access
                .superuser()
                .texts(
                    """
                    select function.oid::regprocedure
                    from pg_proc as function
                    join pg_namespace as schema on schema.oid = function.pronamespace
                    where schema.nspname in ('temporary_access', 'latchkey')
                      and function.prosecdef
                      and coalesce(function.proconfig::text, '') not like '%search_path=%'
                    """))
        .isEmpty();
  }

  @Test
  void everythingSaysWhatItIsFor() {
    assertThat(
            access
                .superuser()
                .texts(
                    """
                    select function.oid::regprocedure::text
                    from pg_proc as function
                    where function.pronamespace in ('temporary_access'::regnamespace, 'latchkey'::regnamespace)
                      and obj_description(function.oid, 'pg_proc') is null
                    union all
                    select relation.oid::regclass::text
                    from pg_class as relation
                    where relation.relnamespace in ('temporary_access'::regnamespace, 'latchkey'::regnamespace)
                      and relation.relkind in ('r', 'v')
                      and relation.relname <> 'schema_history'
                      and obj_description(relation.oid, 'pg_class') is null
                    """))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select latchkey.set_temporary_access('disabled')",
        "select latchkey.set_access_policy('{}')",
        "select latchkey.add_member('x@acme.example')",
        "select latchkey.block_member(gen_random_uuid(), 'x')",
        "select latchkey.unblock_member(gen_random_uuid(), 'x')",
        "select latchkey.freeze_member(gen_random_uuid(), 'x')",
        "select latchkey.grant_access(gen_random_uuid(), 'access_reader', now() + interval '1 h', null, null, 'x')",
        "select latchkey.extend_grant(gen_random_uuid(), now() + interval '1 h', 'x')",
        "select latchkey.change_grant(gen_random_uuid(), '{}', 'x')",
        "select latchkey.set_member_roles(gen_random_uuid(), '[]', 'x')",
        "select latchkey.revoke_grant(gen_random_uuid(), 'x')",
        "select latchkey.end_session('x')",
        "select latchkey.prune_logins('1 year')",
        "select latchkey.end_sessions(gen_random_uuid(), 'x')",
        "select latchkey.enforce_temporary_access()",
        "select latchkey.create_access_token(gen_random_uuid(), 'x', now() + interval '1 h')",
        "select latchkey.revoke_access_token(gen_random_uuid(), 'x')"
      })
  void onlyOperatorsMayChangeAnythingWhateverPrivilegesTheyHave(String call) {
    access.refuses(
        database.sqlAs(TemporaryAccessFixture.AUDITOR), "42501", "permission denied", call);
    access
        .superuser()
        .execute(
            """
            grant usage on schema latchkey to access_stranger;
            grant execute on all functions in schema latchkey to access_stranger
            """);
    try {
      access.refuses(
          database.sqlAs(TemporaryAccessFixture.STRANGER),
          "42501",
          "Only a member of role latchkey_operator may",
          call);
    } finally {
      access
          .superuser()
          .execute(
              """
              revoke execute on all functions in schema latchkey from access_stranger;
              revoke usage on schema latchkey from access_stranger
              """);
    }
  }

  @Test
  void auditorsReadEverythingButWhatSessionsAreDoing() throws Exception {
    String member = access.member();
    access.grant(member, TemporaryAccessFixture.READER);
    String token = access.token(member);
    Sql auditor = database.sqlAs(TemporaryAccessFixture.AUDITOR);
    try (var session = database.connectAs(TemporaryAccessFixture.READER)) {
      long pid = Sql.on(session).number("select pg_backend_pid()");
      String login = access.authorize(TemporaryAccessFixture.READER, token);
      access.gatekeeper().rows("select temporary_access.attach_login(?, ?)", login, (int) pid);

      access.superuser().execute("alter role access_reader set statement_timeout = '7min'");
      for (String view : VIEWS) {
        assertThat(auditor.number("select count(*) from latchkey." + view)).as(view).isPositive();
      }
      String question = "select query from latchkey.sessions where pid = ?";
      assertThat(auditor.text(question, (int) pid)).isNull();
      assertThat(access.operator().text(question, (int) pid)).contains("pg_backend_pid");
      assertThat(auditor.text("select latchkey.temporary_access_state() ->> 'state'"))
          .isEqualTo("enabled");
      assertThat(auditor.texts("select latchkey.assignable_roles()")).contains("access_reader");
    } finally {
      access.superuser().execute("alter role access_reader reset statement_timeout");
    }
  }

  @Test
  void noViewHasAHashOrSalt() {
    assertThat(
            access
                .superuser()
                .texts(
                    """
                    select table_name || '.' || column_name
                    from information_schema.columns
                    where table_schema = 'latchkey' and table_name = any (?) and column_name ~ 'hash|salt|secret'
                    """,
                    (Object) VIEWS.toArray(String[]::new)))
        .isEmpty();
  }

  @Test
  void installingAgainByScriptChangesNothing() {
    String other = database.createDatabase(true);
    try {
      var again = database.address().dataSource(other, "postgres");
      Sql sql = Sql.on(again);
      sql.rows("select latchkey.set_temporary_access('enabled')");
      String member = sql.text("select user_id from latchkey.add_member('anna@acme.example')");
      long version = sql.number("select latchkey.schema_version()");
      var asOneQuery = (PGSimpleDataSource) database.address().dataSource(other, "postgres");
      asOneQuery.setPreferQueryMode(PreferQueryMode.SIMPLE);
      Sql.on(asOneQuery).execute(Migrations.script());

      assertThat(sql.number("select latchkey.schema_version()")).isEqualTo(version);
      assertThat(sql.text("select latchkey.temporary_access_state() ->> 'state'"))
          .isEqualTo("enabled");
      assertThat(sql.text("select user_id from latchkey.members")).isEqualTo(member);
      assertThat(sql.text("select proacl from pg_proc where proname = 'authorize'"))
          .isEqualTo("{latchkey_owner=X/latchkey_owner,latchkey_gatekeeper=X/latchkey_owner}");
    } finally {
      database.dropDatabase(other);
    }
  }

  private static List<String> executable(String role, String schema) {
    return access
        .superuser()
        .texts(
            """
            select function.proname
            from pg_proc as function
            where function.pronamespace = ?::regnamespace
              and has_function_privilege(?, function.oid, 'execute')
            """,
            schema,
            role);
  }

  private static List<String> readable(String role, String schema) {
    return access
        .superuser()
        .texts(
            """
            select relation.relname
            from pg_class as relation
            where relation.relnamespace = ?::regnamespace
              and relation.relkind in ('r', 'v')
              and has_table_privilege(?, relation.oid, 'select, insert, update, delete, truncate')
            """,
            schema,
            role);
  }

  private static boolean usage(String role, String schema) {
    return access.superuser().truth("select has_schema_privilege(?, ?, 'usage')", role, schema);
  }
}
