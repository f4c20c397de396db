package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.Migrations;
import dev.latchkey.database.SchemaState;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Taking Latchkey out of a database: what it says first, what it leaves, what stops it. */
@DependsOnMajor("what hangs on what, as the catalogue tells it")
final class UninstallTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private String name;
  private DataSource database;
  private Sql sql;

  @BeforeEach
  void makeDatabase() {
    name = SERVER.createDatabase(false);
    database = SERVER.address().dataSource(name, "postgres");
    sql = SERVER.sqlIn(name);
  }

  @AfterEach
  void dropDatabase() {
    SERVER.dropDatabase(name);
  }

  @Test
  void byItselfItOnlySaysWhatItWouldDrop() throws SQLException {
    install();
    List<String> before = new Catalogue(sql).fingerprint();

    List<String> said = run(false);

    assertThat(new Catalogue(sql).fingerprint()).isEqualTo(before);
    assertThat(said)
        .contains(
            "is dropped|table|audit.events",
            "is dropped|view|latchkey.keys",
            "is dropped|function|public.has_scope(p_entity_type text, p_entity_id text, p_action text)",
            "is dropped|trigger|latchkey_revoke_keys on accounts")
        .hasSizeGreaterThan(250)
        .allMatch(line -> line.startsWith("is dropped|"));
  }

  @Test
  void nothingOfItIsLeftAndTheApplicationsOwnIsAsItWas() throws SQLException {
    install();
    UUID account = new KeyFixture(sql).account("Acme");

    run(true);

    assertThat(new Migrations(database).check()).isEqualTo(new SchemaState.Missing());
    assertThat(new Catalogue(sql).fingerprint())
        .noneMatch(line -> line.matches("(schema|function|relation|trigger|policy) .*latchkey.*"))
        .noneMatch(line -> line.contains("api_keys_private") || line.contains("temporary_access"));
    assertThat(sql.texts("select proname from pg_proc where pronamespace = 'public'::regnamespace"))
        .containsExactly("has_role_on_account");
    assertThat(sql.text("select name from public.accounts where id = ?", account))
        .isEqualTo("Acme");
    sql.execute("delete from public.accounts");

    new Migrations(database).install();
    assertThat(new Migrations(database).check()).isEqualTo(new SchemaState.Current());
    assertThat(new Catalogue(sql).fingerprint())
        .isEqualTo(new Catalogue(SERVER.sql()).fingerprint());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          create policy theirs on public.theirs using (public.has_scope('theirs', id::text, 'read')) | policy theirs on table public.theirs
          create view public.more as select k.id from latchkey.keys as k              | view public.more
          alter table public.theirs add constraint theirs_fk foreign key (id) references api_keys_private.api_keys (id) | constraint theirs_fk on table public.theirs
          alter table public.theirs add column kept latchkey.keys                       | column kept of table public.theirs
          alter table public.theirs add column scope boolean default public.has_scope('a', 'b', 'c') | default value for column scope of table public.theirs
          create function public.more() returns boolean language sql return public.has_scope('a', 'b', 'c') | function public.more()
          create trigger more before update on public.theirs for each row execute function audit.refuse_change() | trigger more on table public.theirs
          create table public.more () inherits (audit.events)                          | table public.more
          create domain public.more as latchkey.keys                                   | type public.more
          """)
  void whatUsesItIsNamedAndNothingIsDropped(String use, String named) throws SQLException {
    install();
    sql.execute("create table public.theirs (id uuid primary key)");
    sql.execute(use);
    List<String> before = new Catalogue(sql).fingerprint();
    assertThat(run(false))
        .filteredOn(line -> line.startsWith("is yours and stops it|"))
        .isNotEmpty();

    var refused = catchThrowableOfType(SQLException.class, () -> run(true));

    assertThat(refused.getSQLState()).isEqualTo("2BP01");
    assertThat(refused.getMessage().replace("public.", "")).contains(named.replace("public.", ""));
    assertThat(new Catalogue(sql).fingerprint()).isEqualTo(before);
  }

  /** Installing prints it, a superuser may have run it. */
  @Test
  void whoMayCancelIsAsItWas() throws SQLException {
    install();
    sql.execute(
        sql.text("select temporary_access.signal_statement()")
            .replace(sql.text("select current_user"), "latchkey_owner"));
    String mayEveryone =
        """
        select bool_and(has_function_privilege('public', p.oid, 'execute')), bool_or(has_function_privilege('latchkey_auditor', p.oid, 'execute'))
        from pg_proc as p
        where p.proname in ('pg_cancel_backend', 'pg_terminate_backend')
        """;
    assertThat(sql.row(mayEveryone))
        .containsEntry("bool_and", false)
        .containsEntry("bool_or", false);

    run(true);

    assertThat(sql.row(mayEveryone)).containsEntry("bool_and", true);
    assertThat(
            sql.texts(
                "select proname from pg_proc where proacl::text ~ 'latchkey_owner' and proname ~ '_backend$'"))
        .isEmpty();
  }

  @Test
  void functionsThatNameItInTheirTextAreListedAndDoNotStopIt() throws SQLException {
    install();
    sql.execute(
        """
        create function public.theirs() returns boolean language plpgsql as
        $$ begin return has_scope ('a', 'b', 'c'); end $$;
        create function public.others() returns boolean language plpgsql as $$ begin return true; end $$;
        """);
    assertThat(run(true))
        .contains("is yours and may break|function|theirs()")
        .noneMatch(line -> line.contains("others"));
    assertThat(sql.truth("select public.others()")).isTrue();
  }

  /** By the same names with other arguments, in another schema, or in ours. */
  @Test
  void whatOnlyLooksLikeItStays() throws SQLException {
    install();
    sql.execute(
        """
        create function public.has_scope(text) returns boolean language sql return true;
        create schema theirs;
        create function theirs.has_scope(text, text, text) returns boolean language sql return true;
        create table theirs.api_keys (id integer);
        create view theirs.keys as select id from theirs.api_keys;
        create table audit.theirs (id integer);
        insert into audit.theirs values (7);
        """);
    assertThat(run(true)).contains("is yours and stays|relation|audit.theirs");
    assertThat(sql.truth("select public.has_scope('x') and theirs.has_scope('a', 'b', 'c')"))
        .isTrue();
    assertThat(sql.number("select count(*) from theirs.keys")).isZero();
    assertThat(sql.number("select id from audit.theirs")).isEqualTo(7);
    assertThat(sql.truth("select to_regclass('audit.events') is null")).isTrue();
  }

  @Test
  void whatWasTakenOverFromAPublishedDesignStays() throws SQLException {
    script("application.sql");
    script("published-ksuid.sql");
    install();
    run(true);
    assertThat(sql.number("select count(*) from api_keys_private.adopted_ksuid_keys")).isZero();
    assertThat(sql.truth("select to_regclass('api_keys_private.api_keys') is null")).isTrue();
  }

  /** Whose tables have the names of ours. */
  @Test
  void withoutLatchkeyThePublishedDesignsAreNotTouched() throws SQLException {
    script("application.sql");
    script("published-private-schema.sql");
    try {
      List<String> before = new Catalogue(sql).fingerprint();
      assertThat(run(true)).isEmpty();
      assertThat(new Catalogue(sql).fingerprint()).isEqualTo(before);
    } finally {
      sql.execute("revoke anon from api_key");
    }
  }

  @Test
  void theEarlierPreRequestFunctionIsCalledAgain() throws SQLException {
    sql.execute(
        "create function public.pre_request() returns void language plpgsql as 'begin perform 7; end'");
    install();
    sql.rows("select latchkey.switch_http_gate(true)");
    assertThat(settings()).contains("pgrst.db_pre_request=public.pre_request");

    run(true);

    assertThat(sql.text("select prosrc from pg_proc where proname like 'pre_request%'"))
        .contains("perform 7");
    assertThat(sql.truth("select to_regprocedure('public.pre_request()') is not null")).isTrue();
    assertThat(settings()).contains("pgrst.db_pre_request=public.pre_request");
  }

  @Test
  void withoutAnEarlierOneNothingIsCalledAnyMore() throws SQLException {
    install();
    sql.rows("select latchkey.switch_http_gate(true)");
    run(true);
    assertThat(settings()).isEmpty();
  }

  @Test
  void whoOwnsNothingOfItChangesNothing() throws SQLException {
    install();
    sql.execute("create role uninstall_guest login");
    try {
      List<String> before = new Catalogue(sql).fingerprint();
      DataSource theirs = SERVER.address().dataSource(name, "uninstall_guest");
      var refused = catchThrowableOfType(SQLException.class, () -> run(theirs, true));
      assertThat(refused.getSQLState()).isEqualTo("42501");
      assertThat(new Catalogue(sql).fingerprint()).isEqualTo(before);
    } finally {
      sql.execute("drop role uninstall_guest");
    }
  }

  @Test
  void whatIsLeftOfADamagedOneIsDroppedToo() throws SQLException {
    install();
    sql.execute(
        "drop schema latchkey, http_gate cascade; drop table api_keys_private.http_gate_settings cascade");
    run(true);
    assertThat(new Migrations(database).check()).isEqualTo(new SchemaState.Missing());
    assertThat(sql.truth("select to_regnamespace('audit') is null")).isTrue();
  }

  private void install() {
    new Migrations(database).install();
  }

  private List<String> settings() {
    return sql.texts(
        """
        select unnest(s.setconfig) from pg_db_role_setting as s join pg_database as d on d.oid = s.setdatabase
        where d.datname = current_database()
        """);
  }

  private void script(String script) {
    try (InputStream resource = UninstallTest.class.getResourceAsStream(script)) {
      sql.execute(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private List<String> run(boolean confirmed) throws SQLException {
    return run(database, confirmed);
  }

  /** The rows that it says, without their notes. */
  private static List<String> run(DataSource database, boolean confirmed) throws SQLException {
    List<String> said = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      if (confirmed) {
        statement.execute("set latchkey.uninstall = 'yes'");
      }
      boolean rows = statement.execute(Migrations.removal());
      while (rows || statement.getUpdateCount() != -1) {
        if (rows) {
          said(statement.getResultSet(), said);
        }
        rows = statement.getMoreResults();
      }
    }
    return said;
  }

  private static void said(ResultSet rows, List<String> said) throws SQLException {
    while (rows.next()) {
      said.add(rows.getString(1) + "|" + rows.getString(2) + "|" + rows.getString(3));
    }
  }
}
