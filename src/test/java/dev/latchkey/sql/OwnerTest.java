package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Migrations;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a superuser installs runs as no superuser, whatever a colleague prepared. */
final class OwnerTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private String name;
  private DataSource superuser;
  private Sql sql;

  @BeforeAll
  static void letEveIn() {
    DATABASE.sql().execute("create role sql_test_eve login");
  }

  @AfterAll
  static void throwEveOut() {
    DATABASE.sql().execute("drop role sql_test_eve");
  }

  @BeforeEach
  void makeDatabase() {
    name = DATABASE.createDatabase(false);
    superuser = DATABASE.address().dataSource(name, "postgres");
    sql = Sql.on(superuser);
    sql.execute(
        """
        grant create on database %s to sql_test_eve;
        grant create on schema public to sql_test_eve;
        """
            .formatted(name));
  }

  @AfterEach
  void dropDatabase() {
    DATABASE.dropDatabase(name);
  }

  @Test
  void schemasThatWereThereGetTheOwnerOfTheRest() throws SQLException {
    asEve(
        "create schema audit; create schema api_keys_private; create schema temporary_access; create"
            + " schema latchkey");
    sql.execute(Migrations.script());

    assertThat(
            sql.texts(
                """
                select distinct o.rolname
                from (
                  select nspowner from pg_namespace where nspname in ('latchkey', 'audit', 'api_keys_private', 'temporary_access')
                  union all
                  select relowner from pg_class where relnamespace in ('audit'::regnamespace, 'api_keys_private'::regnamespace)
                  union all
                  select proowner from pg_proc where pronamespace = 'audit'::regnamespace
                ) as owned (owner)
                join pg_roles as o on o.oid = owned.owner
                """))
        .containsExactly("latchkey_owner");
    assertThat(
            sql.truth(
                "select rolsuper or rolcanlogin from pg_roles where rolname = 'latchkey_owner'"))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create schema latchkey",
        "create schema latchkey; create table latchkey.schema_history (installed_rank int)",
        "create schema latchkey; create view latchkey.schema_history as select public.trap() as success",
        "create schema latchkey; create function latchkey.schema_version() returns int language sql as 'select"
            + " public.trap()'"
      })
  void nothingInAStrangersSchemaIsRunByASuperuser(String preparation) throws SQLException {
    sql.execute("create sequence public.sprung; grant all on sequence public.sprung to public");
    asEve(
        "create function public.trap() returns int language sql as 'select nextval(''public.sprung'')::int'; "
            + preparation);

    for (Runnable look :
        new Runnable[] {
          () -> new Migrations(superuser).check(), () -> new Migrations(superuser).install()
        }) {
      FailureException refused = catchThrowableOfType(FailureException.class, look::run);
      assertThat(refused.failure()).isEqualTo(new DatabaseFailure.StrangersSchema("sql_test_eve"));
    }
    assertThat(sql.truth("select is_called from public.sprung")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create function public.has_role_on_account(account_id uuid, account_role text default null) returns boolean"
            + " language sql as 'select true'",
        "create schema auth; create function auth.uid() returns uuid language sql as 'select null::uuid'",
        "create table public.accounts (id uuid primary key default gen_random_uuid(), name text, slug text);"
            + " create function public.watch() returns trigger language plpgsql as 'begin return new; end';"
            + " create trigger watch before insert on public.accounts for each row execute function public.watch()"
      })
  void aStrangersFunctionThatOursWouldCallIsRefused(String preparation) throws SQLException {
    asEve(preparation);
    FailureException refused =
        catchThrowableOfType(FailureException.class, () -> new Migrations(superuser).install());

    assertThat(refused.failure().code()).isEqualTo("42501");
    assertThat(refused.failure().sentence()).contains("sql_test_eve");
    assertThat(sql.truth("select to_regnamespace('latchkey') is null")).isTrue();

    sql.execute(
        refused
            .failure()
            .nextStep()
            .replaceAll("^.*: (alter function [^.]*\\.?[^.]*)\\. Nothing.*$", "$1"));
    new Migrations(superuser).install();
    assertThat(sql.truth("select count(*) = 0 from latchkey.foreign_functions")).isTrue();
  }

  /** The application's tables may be another role's, with policies that let nobody through. */
  @Test
  void accountsThatBelongToAnotherRoleUnderRowSecurityAreUsed() throws SQLException {
    sql.execute("create role sql_test_app_owner");
    try {
      sql.execute(
          """
          create table public.accounts (id uuid primary key default gen_random_uuid(), name text, slug text);
          create table public.accounts_memberships (user_id uuid, account_id uuid references public.accounts, account_role text);
          alter table public.accounts enable row level security;
          alter table public.accounts force row level security;
          alter table public.accounts_memberships enable row level security;
          alter table public.accounts_memberships force row level security;
          alter table public.accounts owner to sql_test_app_owner;
          alter table public.accounts_memberships owner to sql_test_app_owner;
          """);
      new Migrations(superuser).install();
      KeyFixture fixture = new KeyFixture(sql);
      UUID account = fixture.account("Acme");
      UUID member = fixture.member(account);
      KeyFixture.MadeKey key;
      try (ApiRequest request =
          ApiRequest.open(
              superuser,
              "authenticated",
              "{\"sub\": \"%s\", \"role\": \"authenticated\"}".formatted(member))) {
        key = new KeyFixture(request.sql()).key(account);
      }
      assertThat(fixture.valid(key.key())).isTrue();
      sql.execute("delete from public.accounts_memberships; delete from public.accounts");
      assertThat(fixture.valid(key.key())).isFalse();
    } finally {
      sql.execute("drop owned by sql_test_app_owner cascade");
      sql.execute("drop role sql_test_app_owner");
    }
  }

  @Test
  void sessionsOfOthersAreEndedWithoutASuperuser() throws SQLException {
    new Migrations(superuser).install();
    assertThat(sql.truth("select temporary_access.may_end_sessions()")).isTrue();
    assertThat(sql.text("select latchkey.set_temporary_access('enabled') ->> 'state'"))
        .isEqualTo("enabled");
    assertThat(sql.truth("select (latchkey.switch_http_gate(true)).is_on")).isTrue();
    assertThat(sql.truth("select (latchkey.switch_http_gate(false)).is_on")).isFalse();
  }

  private void asEve(String statements) throws SQLException {
    try (Connection connection =
        DATABASE.address().dataSource(name, "sql_test_eve").getConnection()) {
      Sql.on(connection).execute(statements);
    }
  }
}
