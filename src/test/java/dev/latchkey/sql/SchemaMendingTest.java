package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Migrations;
import dev.latchkey.database.SchemaState;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An installation that is not what it was: told by the catalogue, and mended by installing. */
@DependsOnMajor("what is missing of what installing makes, as the catalogue tells it")
final class SchemaMendingTest {
  @RegisterExtension static final TestDatabase MIGRATED = new TestDatabase();

  private String name;
  private DataSource database;
  private Sql sql;
  private List<String> whole;

  @BeforeEach
  void makeDatabase() {
    name = MIGRATED.createDatabase(true);
    database = MIGRATED.address().dataSource(name, "postgres");
    sql = MIGRATED.sqlIn(name);
    whole = new Catalogue(sql).fingerprint();
  }

  @AfterEach
  void dropDatabase() {
    MIGRATED.dropDatabase(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          drop function latchkey.revoke_key(uuid, text)          | function latchkey.revoke_key(uuid, text)
          drop function latchkey.code_version()                  | function latchkey.code_version()
          drop function latchkey.schema_version()                | function latchkey.schema_version()
          drop view latchkey.events                              | view latchkey.events
          drop trigger events_append_only on audit.events        | trigger events_append_only on audit.events
          drop schema http_gate cascade                          | schema http_gate
          drop function public.has_scope(text, text, text)       | function public.has_scope(text, text, text)
          create or replace function latchkey.schema_version() returns integer language sql immutable as 'select null::integer' | function latchkey.schema_version()
          drop function latchkey.revoke_key(uuid, text); create schema theirs; create function theirs.revoke_key(uuid, text) returns integer language sql return 1; create function latchkey.revoke_key(text, uuid) returns integer language sql return 1 | function latchkey.revoke_key(uuid, text)
          """)
  void whatIsGoneIsNamedAndMadeAgain(String damage, String gone) {
    sql.execute(damage);
    SchemaState found = check();
    assertThat(found).isInstanceOf(SchemaState.Damaged.class);
    assertThat(found.sentence()).contains(gone);
    assertThat(found.comeBackEmpty()).isEmpty();
    assertThat(found.installs()).isTrue();

    new Migrations(database).install();

    assertThat(check()).isEqualTo(new SchemaState.Current());
    sql.execute("drop schema if exists theirs cascade");
    assertSame(whole, new Catalogue(sql).fingerprint());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          drop schema temporary_access cascade                           | schema temporary_access | temporary_access.settings
          drop schema latchkey, temporary_access, http_gate cascade      | schema latchkey         | temporary_access.grants
          drop schema audit cascade                                      | schema audit            | audit.events
          drop table api_keys_private.user_tokens cascade                | table api_keys_private.user_tokens | api_keys_private.user_tokens
          drop table api_keys_private.api_keys cascade                   | table api_keys_private.api_keys | api_keys_private.api_keys
          """)
  void tablesComeBackEmptyOnlyWhereThatWasAgreed(String damage, String gone, String table) {
    sql.execute(damage);
    SchemaState found = check();
    assertThat(found.sentence()).contains(gone);
    assertThat(found.comeBackEmpty()).contains(table);
    assertThat(found.plan()).contains(table).doesNotContain("  ");
    List<String> damaged = new Catalogue(sql).fingerprint();

    var refused =
        catchThrowableOfType(
            FailureException.class, () -> new Migrations(database).install(List.of("another")));

    assertThat(refused.failure()).isEqualTo(new DatabaseFailure.TablesGone(found.comeBackEmpty()));
    assertSame(damaged, new Catalogue(sql).fingerprint());

    new Migrations(database).install(found.comeBackEmpty());

    assertThat(check()).isEqualTo(new SchemaState.Current());
    assertSame(whole, new Catalogue(sql).fingerprint());
  }

  /**
   * What may be the application's is made again where it is missing, and nothing is added to it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"drop table public.accounts cascade", "drop function auth.uid() cascade"})
  void whatTheApplicationSharesIsMissedToo(String damage) {
    sql.execute(damage);
    SchemaState found = check();
    assertThat(found).isInstanceOf(SchemaState.Damaged.class);
    new Migrations(database).install(found.comeBackEmpty());
    assertThat(check()).isEqualTo(new SchemaState.Current());
  }

  @Test
  void whatIsLeftOfTheDataStays() {
    KeyFixture keys = new KeyFixture(sql);
    KeyFixture.MadeKey key = keys.key(keys.account("Acme"));
    sql.execute("drop schema temporary_access, latchkey cascade");
    SchemaState found = check();

    new Migrations(database).install(found.comeBackEmpty());

    assertThat(keys.valid(key.key())).isTrue();
    assertThat(sql.number("select count(*) from temporary_access.settings")).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return '0000000000000000000000000000000000000000000000000000000000000000'",
        "return null",
        "return 'x'",
        "as $$ select repeat('0', 64) $$",
        "as $$ select (1 / 0)::text $$"
      })
  void otherFunctionsAreToldWithoutRunningAnyAndReplaced(String body) {
    sql.execute(
        "create or replace function latchkey.code_version() returns text language sql immutable "
            + body);
    assertStaleAndMended();
  }

  @Test
  void aCodeVersionThatRefusesToAnswerIsNotAsked() {
    sql.execute(
        """
        create or replace function latchkey.code_version() returns text language plpgsql as
        $$ begin raise exception 'no'; end $$
        """);
    assertStaleAndMended();
  }

  private void assertStaleAndMended() {
    assertThat(check())
        .isInstanceOfSatisfying(
            SchemaState.Stale.class,
            stale -> {
              assertThat(stale.needed()).isEqualTo(SqlFiles.codeVersion());
              assertThat(stale.plan()).doesNotContain("  ");
            });

    new Migrations(database).install();

    assertThat(check()).isEqualTo(new SchemaState.Current());
    assertSame(whole, new Catalogue(sql).fingerprint());
  }

  /** Functions of another version may be fewer; tables may not. */
  @Test
  void otherFunctionsWithATableGoneAreADamage() {
    sql.execute(
        """
        create or replace function latchkey.code_version() returns text language sql immutable return repeat('a', 64);
        drop table temporary_access.noise cascade;
        """);
    assertThat(check().comeBackEmpty()).containsExactly("temporary_access.noise");
    assertThat(check().sentence()).endsWith("any more: table temporary_access.noise.");
  }

  @Test
  void whatWasMadeByTheEarlierFilesIsOlderAndItsTablesAreMissedToo() {
    String other = MIGRATED.createDatabase(false);
    try {
      DataSource earlier = MIGRATED.address().dataSource(other, "postgres");
      Sql old = Sql.on(earlier);
      SqlFiles.earlier().forEach(file -> old.execute(SqlFiles.content(file)));
      assertThat(new Migrations(earlier).check()).isEqualTo(new SchemaState.Older(8));

      old.execute("drop schema temporary_access cascade");
      SchemaState found = new Migrations(earlier).check();
      assertThat(found.sentence()).endsWith("any more: schema temporary_access.");
      assertThat(found.comeBackEmpty()).hasSize(6);

      new Migrations(earlier).install(found.comeBackEmpty());
      assertThat(new Migrations(earlier).check()).isEqualTo(new SchemaState.Current());
      assertSame(whole, new Catalogue(old).fingerprint());
    } finally {
      MIGRATED.dropDatabase(other);
    }
  }

  @Test
  void aNewerOneIsLeftAlone() {
    sql.execute(
        "create or replace function latchkey.schema_version() returns integer language sql immutable parallel safe return 99;"
            + "drop schema http_gate cascade");
    List<String> before = new Catalogue(sql).fingerprint();
    assertThat(check()).isEqualTo(new SchemaState.Newer(99));

    var refused =
        catchThrowableOfType(FailureException.class, () -> new Migrations(database).install());

    assertThat(refused.failure())
        .isEqualTo(new DatabaseFailure.SchemaNewer(99, SchemaState.NEEDED));
    assertSame(before, new Catalogue(sql).fingerprint());
  }

  /** Without its function the version is known by what the tool wrote down. */
  @Test
  void aNewerOneThatDoesNotSaySoAnyMoreIsKnownByTheHistory() {
    sql.execute(
        """
        insert into latchkey.schema_history
        select 99, '99', description, type, 'V99__more.sql', checksum, installed_by, installed_on, execution_time, success
        from latchkey.schema_history where version = '13';
        drop function latchkey.schema_version();
        """);
    assertThat(check()).isEqualTo(new SchemaState.Newer(99));
  }

  @Test
  void withNothingLeftButTheHistoryItIsInstalledAnew() {
    sql.execute(
        """
        drop schema api_keys_private, temporary_access, audit, http_gate, ksuid_keys, latchkey_doors cascade;
        do $$
        declare
          v_function regprocedure;
          v_view regclass;
        begin
          for v_function in
            select oid from pg_proc
            where pronamespace in ('latchkey'::regnamespace, 'public'::regnamespace) and proname <> 'has_role_on_account'
          loop
            execute format('drop function if exists %s cascade', v_function);
          end loop;
          for v_view in select oid from pg_class where relnamespace = 'latchkey'::regnamespace and relkind = 'v' loop
            execute format('drop view %s', v_view);
          end loop;
        end
        $$;
        """);
    assertThat(sql.number("select count(*) from latchkey.schema_history")).isGreaterThan(5);
    assertThat(check()).isEqualTo(new SchemaState.Missing());

    new Migrations(database).install();

    assertThat(check()).isEqualTo(new SchemaState.Current());
    assertSame(whole, new Catalogue(sql).fingerprint());
  }

  @Test
  void whoMayNotInstallIsToldAndNothingIsChanged() {
    sql.execute("create role schema_mending_guest login createrole");
    try {
      sql.execute("drop function latchkey.revoke_key(uuid, text)");
      sql.execute("grant create on database " + name + " to schema_mending_guest");
      List<String> before = new Catalogue(sql).fingerprint();
      DataSource theirs = MIGRATED.address().dataSource(name, "schema_mending_guest");

      var refused =
          catchThrowableOfType(FailureException.class, () -> new Migrations(theirs).install());

      assertThat(refused.failure().code()).isEqualTo("42501");
      assertSame(before, new Catalogue(sql).fingerprint());
      new Migrations(database).install();
      assertSame(whole, new Catalogue(sql).fingerprint());
    } finally {
      sql.execute("drop owned by schema_mending_guest; drop role schema_mending_guest");
    }
  }

  /** What fails after the tool was told to forget leaves everything as it was. */
  @Test
  void whatCannotBeMendedIsToldAndTriedAgainLater() {
    sql.execute(
        """
        create function latchkey.old_call() returns integer language sql return 1;
        create view public.theirs as select latchkey.old_call() as one;
        drop view latchkey.events;
        """);
    List<String> before = new Catalogue(sql).fingerprint();

    var refused =
        catchThrowableOfType(FailureException.class, () -> new Migrations(database).install());

    assertThat(refused.failure().sentence()).contains("view theirs");
    assertSame(before, new Catalogue(sql).fingerprint());
    sql.execute("drop view public.theirs");
    new Migrations(database).install();
    assertSame(whole, new Catalogue(sql).fingerprint());
  }

  @Test
  void thePlainScriptMendsToo() {
    sql.execute("drop schema latchkey, temporary_access cascade");
    sql.execute(Migrations.script());
    assertThat(check()).isEqualTo(new SchemaState.Current());
    assertSame(whole, new Catalogue(sql).fingerprint());
  }

  @Test
  void theLookIsTheSameForARoleThatMayNothing() {
    sql.execute("create role schema_mending_guest login");
    try {
      sql.execute("drop schema latchkey cascade");
      var theirs = new Migrations(MIGRATED.address().dataSource(name, "schema_mending_guest"));
      assertThat(theirs.check()).isEqualTo(check());
      assertThat(check().sentence()).contains("schema latchkey");
    } finally {
      sql.execute("drop role schema_mending_guest");
    }
  }

  private SchemaState check() {
    return new Migrations(database).check();
  }

  /** Shows only the lines that differ, of hundreds. */
  private static void assertSame(List<String> before, List<String> after) {
    assertThat(after.stream().filter(line -> !before.contains(line))).as("more").isEmpty();
    assertThat(before.stream().filter(line -> !after.contains(line))).as("less").isEmpty();
  }
}
