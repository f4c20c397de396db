package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latchkey.database.Migrations;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What installing let through: privileges, memberships, settings of the session, and readers. */
@DependsOnMajor("default privileges, memberships and locks, as the catalogue tells them")
final class InstallHolesTest {
  @RegisterExtension static final TestDatabase MIGRATED = new TestDatabase();

  /** What anybody but the owner and whom the files name may execute or read. */
  private static final String OPENED =
      """
      select count(*)
      from (
        select p.oid::regprocedure::text as name, p.proacl as acl
        from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
        where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
          or n.nspname = 'public' and p.proname in ('create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'has_scope',
            'has_scope_on_all', 'scoped_ids', 'get_api_key_account_id', 'log_api_key_usage', 'log_api_key_usage_batch',
            'register_user_token', 'list_user_tokens', 'revoke_user_token', 'pre_request')
        union all
        select c.oid::regclass::text, c.relacl
        from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit') and c.relkind in ('r', 'p')
        union all
        select n.nspname, n.nspacl
        from pg_namespace as n
        where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
      ) as o
      cross join lateral aclexplode(o.acl) as a
      where a.grantee = 'sql_test_snoop'::regrole
      """;

  private String name;
  private Sql sql;

  @BeforeEach
  void makeDatabase() {
    name = MIGRATED.createDatabase(false);
    sql = MIGRATED.sqlIn(name);
  }

  @AfterEach
  void dropDatabase() {
    MIGRATED.dropDatabase(name);
  }

  // ── Default privileges ────────────────────────────────────────────────────────────────────────

  @Test
  void defaultPrivilegesOfAStrangerOpenNothing() throws SQLException {
    sql.execute("create role sql_test_snoop login");
    try (Connection connection = MIGRATED.address().dataSource(name, "postgres").getConnection()) {
      Sql installer = Sql.on(connection);
      installer.execute(
          """
          alter default privileges grant execute on functions to sql_test_snoop, latchkey_auditor, api_key;
          alter default privileges grant all on tables to sql_test_snoop;
          alter default privileges grant usage on schemas to sql_test_snoop;
          """);
      installer.execute(Migrations.script());

      assertThat(installer.number(OPENED)).isZero();
      assertThat(
              installer.truth(
                  "select has_function_privilege('latchkey_auditor', 'latchkey.revoke_key(uuid, text)', 'execute')"))
          .as("a role that install names, for what it does not give it")
          .isFalse();
      assertThat(
              installer.truth(
                  "select has_function_privilege('api_key', 'public.create_api_key(uuid, text, jsonb, timestamptz)', 'execute')"))
          .isFalse();

      installer.execute(
          """
          grant execute on function public.verify_api_key(text, inet) to sql_test_snoop;
          grant execute on function latchkey.revoke_key(uuid, text) to sql_test_snoop;
          """);
      List<String> said = noticesOf(connection, Migrations.script());

      assertThat(installer.number(OPENED)).as("what people granted in public stays").isOne();
      assertThat(said)
          .anyMatch(
              line ->
                  line.contains("verify_api_key(text,inet) may also be called by sql_test_snoop"))
          .anyMatch(line -> line.contains("Took what role sql_test_snoop could do with routine"));
    } finally {
      MIGRATED.dropDatabase(name);
      name = MIGRATED.createDatabase(false);
      MIGRATED.sql().execute("drop role sql_test_snoop");
    }
  }

  /** The partition of a month is made long after installing. */
  @Test
  void thePartitionOfALaterMonthIsNotOpenedEither() {
    sql.execute("create role sql_test_snoop");
    try {
      sql.execute(Migrations.script());
      sql.execute(
          "alter default privileges for role latchkey_owner, postgres grant all on tables to sql_test_snoop");
      sql.row("select api_keys_private.create_usage_partition('2031-05-05')");
      assertThat(sql.number(OPENED)).isZero();
    } finally {
      sql.execute(
          "alter default privileges for role latchkey_owner, postgres revoke all on tables from sql_test_snoop");
      sql.execute("drop role sql_test_snoop");
    }
  }

  private static List<String> noticesOf(Connection connection, String script) throws SQLException {
    List<String> notices = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute(script);
      for (boolean more = true;
          more;
          more = statement.getMoreResults() || statement.getUpdateCount() != -1) {
        for (SQLWarning next = statement.getWarnings();
            next != null;
            next = next.getNextWarning()) {
          notices.add(next.getMessage());
        }
        statement.clearWarnings();
      }
    }
    return notices;
  }

  // ── Memberships ───────────────────────────────────────────────────────────────────────────────

  @ParameterizedTest
  @CsvSource({"service_role", "sql_test_readers"})
  void whatRoleApiKeyWasMadeAMemberOfItIsNoMore(String role) throws SQLException {
    sql.execute("create role sql_test_readers");
    try (Connection connection = MIGRATED.address().dataSource(name, "postgres").getConnection()) {
      Sql.on(connection).execute("grant %s to api_key".formatted(role));
      List<String> said = noticesOf(connection, Migrations.script());

      assertThat(
              sql.number("select count(*) from pg_auth_members where member = 'api_key'::regrole"))
          .isZero();
      assertThat(said).anyMatch(line -> line.contains("Role api_key was a member of " + role));
    } finally {
      sql.execute("revoke %s from api_key; drop role sql_test_readers".formatted(role));
    }
  }

  /** From 16 on the maker of a role is its member, with ADMIN and nothing else. */
  @Test
  void whoMadeTheGatekeepersRoleIsNoGatekeeperWhoseLocksPassByThemselves() throws SQLException {
    assumeThat(sql.number("select current_setting('server_version_num')::integer"))
        .isGreaterThanOrEqualTo(160000);
    sql.execute(
        """
        create role sql_test_installer login;
        grant latchkey_gatekeeper to sql_test_installer with admin true, inherit false, set false;
        create role sql_test_gate login;
        grant latchkey_gatekeeper to sql_test_gate;
        """);
    try (Connection installer =
            MIGRATED.address().dataSource(MIGRATED.name(), "sql_test_installer").getConnection();
        Connection gate =
            MIGRATED.address().dataSource(MIGRATED.name(), "sql_test_gate").getConnection()) {
      String passes = "select temporary_access.passes_by_itself(?)";
      assertThat(MIGRATED.sql().truth(passes, pid(installer))).isFalse();
      assertThat(MIGRATED.sql().truth(passes, pid(gate))).isTrue();
    } finally {
      sql.execute("drop role sql_test_installer, sql_test_gate");
    }
  }

  private static int pid(Connection connection) {
    return (int) Sql.on(connection).number("select pg_backend_pid()");
  }

  // ── Settings of whoever installs ──────────────────────────────────────────────────────────────

  @ParameterizedTest
  @CsvSource({
    "Asia/Kolkata, 'SQL, DMY'",
    "America/St_Johns, 'Postgres, MDY'",
    "Asia/Shanghai, 'German'",
    "Pacific/Kiritimati, 'SQL, MDY'"
  })
  void monthsBeginInUtcWhateverTheSessionsZone(String zone, String dates) {
    // In one statement: the driver takes no other DateStyle than its own once it is told.
    sql.execute(
        """
        do $in_one$
        begin
          perform set_config('timezone', '%s', true), set_config('datestyle', '%s', true);
          execute $script$%s$script$;
          perform latchkey.maintain_usage_log(), api_keys_private.create_usage_partition(now() + interval '150 days');
          perform set_config('datestyle', 'ISO, MDY', true);
        end
        $in_one$
        """
            .formatted(zone, dates, Migrations.script()));
    List<String> bounds =
        sql.texts(
            """
            select pg_get_expr(c.relpartbound, c.oid)
            from pg_class as c
            where c.relispartition and c.relname ~ '^api_key_logs_y' and c.relkind = 'r'
            """);
    assertThat(bounds)
        .hasSizeGreaterThanOrEqualTo(6)
        .allMatch(
            bound ->
                bound.matches(
                    "FOR VALUES FROM \\('\\d{4}-\\d\\d-01 00:00:00\\+00'\\) TO \\('\\d{4}-\\d\\d-01 00:00:00\\+00'\\)"));
  }

  @Test
  void timesInEventsAreUtcWhateverTheSessionsZone() throws SQLException {
    sql.execute("create role sql_test_zoned login");
    sql.execute(Migrations.script());
    try (Connection connection = MIGRATED.address().dataSource(name, "postgres").getConnection()) {
      Sql session = Sql.on(connection);
      session.execute("set timezone = 'Asia/Kolkata'");
      String member =
          session.text("select user_id from latchkey.add_member('ada@example.com', 'Ada', null)");
      String grant =
          session.text(
              "select id from latchkey.grant_access('%s', 'sql_test_zoned', now() + interval '1 day', null, null, 'Why')"
                  .formatted(member));
      session.text(
          "select latchkey.create_access_token('%s', 'Laptop', now() + interval '1 day')"
              .formatted(member));
      session.row(
          "select latchkey.extend_grant(?::uuid, now() + interval '2 days', 'More')", grant);
      session.row("select latchkey.revoke_grant(?::uuid, 'Over')", grant);
      session.row("select latchkey.freeze_member(?::uuid, 'Over')", member);
      var fixture = new KeyFixture(session);
      var key = fixture.key(fixture.account("Acme"));
      session.row("select latchkey.rotate_api_key(?, interval '1 day')", key.id());
      session.row("select latchkey.switch_legacy_key('anon', false)");
    } finally {
      sql.execute("drop role sql_test_zoned");
    }
    List<String> times =
        sql.texts(
            """
            select f.key || ' ' || (f.value #>> '{}')
            from audit.events as e
            cross join lateral (values (e.before), (e.after)) as s (state)
            cross join lateral jsonb_each(case when jsonb_typeof(s.state) = 'object' then s.state end) as f
            where (f.key ~ '_at$' or f.key ~ '_until$') and f.value <> 'null'
            """);
    assertThat(times)
        .hasSizeGreaterThan(15)
        .anyMatch(time -> time.startsWith("checked_at "))
        .allMatch(time -> time.matches("\\w+ \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"));
  }

  // ── Readers ───────────────────────────────────────────────────────────────────────────────────

  @Test
  void installingDoesNotStallBehindAReaderAndNamesHim() throws SQLException {
    sql.execute(Migrations.script());
    sql.execute("drop view latchkey.accounts cascade");
    try (Connection reading = MIGRATED.address().dataSource(name, "postgres").getConnection()) {
      reading.setAutoCommit(false);
      int reader = (int) Sql.on(reading).number("select pg_backend_pid()");
      for (String table : List.of("latchkey.keys", "api_keys_private.api_keys", "audit.events")) {
        Sql.on(reading).number("select count(*) from " + table);
      }
      var migrations = new Migrations(MIGRATED.address().dataSource(name, "postgres"));

      FailureException failure = catchThrowableOfType(FailureException.class, migrations::install);

      assertThat(failure).as("a refusal").isNotNull();
      assertThat(failure.failure().code()).isEqualTo("55P03");
      assertThat(failure.failure().sentence())
          .contains("postgres (process %d)".formatted(reader))
          .contains("uses what installing changes");

      SqlFailure byHand =
          catchThrowableOfType(SqlFailure.class, () -> sql.execute(Migrations.script()));
      assertThat(byHand.sqlState()).isEqualTo("55P03");
      SqlFailure oneFile =
          catchThrowableOfType(
              SqlFailure.class, () -> sql.execute(SqlFiles.content(SqlFiles.code())));
      assertThat(oneFile.sqlState()).isEqualTo("55P03");
      reading.rollback();
      migrations.install();
    }
  }
}
