package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.SchemaState;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The migrations as plain SQL: over nothing, over themselves, and over what others made. */
@DependsOnMajor("what the migrations make, as the catalogue tells it")
final class InstallTest {
  /** Its roles are there before any of these tests begins, as on a server that is in use. */
  @RegisterExtension static final TestDatabase MIGRATED = new TestDatabase();

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

  @Test
  void runningEveryFileTwiceChangesNothing() {
    files().forEach(this::run);
    List<String> first = new Catalogue(sql).fingerprint();

    files().forEach(this::run);

    assertThat(first).hasSizeGreaterThan(300);
    assertSame(first, new Catalogue(sql).fingerprint());
  }

  @Test
  void plainFilesAndTheMigrationToolMakeTheSame() {
    files().forEach(this::run);
    assertSame(new Catalogue(MIGRATED.sql()).fingerprint(), new Catalogue(sql).fingerprint());
  }

  @Test
  void runningTheFilesAfterTheMigrationToolChangesNothing() {
    String copy = MIGRATED.createDatabase(true);
    try {
      Sql installed = MIGRATED.sqlIn(copy);
      List<String> before = new Catalogue(installed).fingerprint();
      files().forEach(file -> installed.execute(content(file)));
      assertSame(before, new Catalogue(installed).fingerprint());
    } finally {
      MIGRATED.dropDatabase(copy);
    }
  }

  @Test
  void runningOneFileAgainAloneChangesNothing() {
    files().forEach(this::run);
    List<String> before = new Catalogue(sql).fingerprint();

    for (Path file : files()) {
      run(file);
      assertSame(before, new Catalogue(sql).fingerprint());
    }
  }

  @Test
  void theTablesAloneCanBeMadeTwice() {
    List<Path> tables = files().subList(0, files().size() - 1);
    tables.forEach(this::run);
    List<String> first = new Catalogue(sql).fingerprint();

    tables.forEach(this::run);

    assertSame(first, new Catalogue(sql).fingerprint());
    run(files().getLast());
    assertSame(new Catalogue(MIGRATED.sql()).fingerprint(), new Catalogue(sql).fingerprint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "latchkey",
        "api_keys_private",
        "temporary_access",
        "audit",
        "http_gate",
        "ksuid_keys"
      })
  void aSchemaThatWasDroppedIsMadeAgain(String schema) {
    files().forEach(this::run);
    List<String> before = new Catalogue(sql).fingerprint();
    sql.execute("drop schema " + schema + " cascade");

    files().forEach(this::run);

    assertSame(before, new Catalogue(sql).fingerprint());
  }

  @Test
  void theVersionIsThatOfTheNewestFileOfTables() {
    files().forEach(this::run);
    assertThat(sql.number("select latchkey.schema_version()"))
        .isEqualTo(SqlFiles.version(files().get(files().size() - 2)))
        .isEqualTo(SchemaState.NEEDED);
  }

  @Test
  void theCodesVersionIsTheHashOfItsText() throws Exception {
    files().forEach(this::run);
    String code = content(SqlFiles.code());
    String hashed =
        code.substring(0, code.lastIndexOf("\ncreate or replace function latchkey.code_version()"));
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(hashed.getBytes(StandardCharsets.UTF_8));

    assertThat(sql.text("select latchkey.code_version()"))
        .isEqualTo(HexFormat.of().formatHex(hash))
        .isEqualTo(SqlFiles.codeVersion());
    for (String role : List.of("latchkey_operator", "latchkey_auditor", "latchkey_gatekeeper")) {
      assertThat(
              sql.truth(
                  "select has_function_privilege(?, 'latchkey.code_version()', 'execute')", role))
          .as(role)
          .isTrue();
    }
  }

  @Test
  void keysSurviveAnotherRun() {
    files().forEach(this::run);
    KeyFixture fixture = new KeyFixture(sql);
    KeyFixture.MadeKey key = fixture.key(fixture.account("Acme"));
    String before = fixture.contents();

    files().forEach(this::run);

    assertThat(fixture.contents()).isEqualTo(before);
    assertThat(fixture.valid(key.key())).isTrue();
  }

  @Test
  void pgcryptoMayLiveAnywhereAndMoveLater() {
    sql.execute("create schema \"Odd place\"; create extension pgcrypto schema \"Odd place\"");
    files().forEach(this::run);
    KeyFixture fixture = new KeyFixture(sql);
    UUID account = fixture.account("Acme");
    assertThat(fixture.key(account).key()).hasSize(68);

    sql.execute("create schema elsewhere; alter extension pgcrypto set schema elsewhere");

    assertThat(fixture.key(account).key()).hasSize(68);
    assertThat(sql.truth("select to_regnamespace('extensions') is null")).isTrue();
  }

  @Test
  void privilegesThatTheDatabaseGivesByDefaultAreTakenBack() {
    sql.execute(
        """
        alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
        alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
        alter default privileges grant all on functions to anon, authenticated, service_role;
        alter default privileges grant all on tables to anon, authenticated, service_role;
        create schema extensions;
        create extension pgcrypto schema extensions;
        """);
    files().forEach(this::run);

    Catalogue catalogue = new Catalogue(sql);
    assertThat(ListedFunctions.differences(catalogue)).isEmpty();
    assertThat(catalogue.privateTablesReachableBy("anon")).isEmpty();
    assertThat(catalogue.privateTablesReachableBy("authenticated")).isEmpty();
    assertThat(catalogue.privateTablesWritableBy("service_role")).isEmpty();
    assertThat(catalogue.privateColumnsReadableBy("service_role"))
        .doesNotContain("api_keys_private.api_keys.key_hash", "api_keys_private.api_keys.salt");
    assertThat(catalogue.viewPrivileges())
        .containsExactly("latchkey_auditor SELECT", "latchkey_operator SELECT");
  }

  @Test
  void anApplicationsOwnAccountsAreUsedAsTheyAre() throws SQLException {
    sql.execute(
        """
        create schema auth;
        create function auth.uid() returns uuid language sql stable
          as 'select (current_setting(''request.jwt.claims'', true)::jsonb ->> ''sub'')::uuid';
        create function auth.jwt() returns jsonb language sql stable
          as 'select current_setting(''request.jwt.claims'', true)::jsonb';
        grant usage on schema auth to anon, authenticated, service_role;
        create table public.accounts (id uuid primary key, name varchar(255) not null, slug text unique, picture_url text);
        create table public.accounts_memberships (user_id uuid, account_id uuid, account_role varchar(50),
          primary key (user_id, account_id));
        create function public.has_role_on_account(account_id uuid, account_role varchar(50) default null) returns boolean
          language sql security definer set search_path = '' as $$
          select exists (select from public.accounts_memberships as m
            where m.user_id = auth.uid() and m.account_id = has_role_on_account.account_id)
        $$;
        """);
    String before =
        sql.text(
            "select string_agg(pg_get_functiondef(oid), '' order by oid) from pg_proc where"
                + " pronamespace in ('public'::regnamespace, 'auth'::regnamespace)");

    files().forEach(this::run);

    assertThat(
            sql.text(
                "select string_agg(pg_get_functiondef(oid), '' order by oid) from pg_proc where"
                    + " proname in ('has_role_on_account', 'uid', 'jwt') and pronamespace in"
                    + " ('public'::regnamespace, 'auth'::regnamespace)"))
        .hasSameSizeAs(before)
        .contains("has_role_on_account");
    UUID account = UUID.randomUUID();
    UUID member = UUID.randomUUID();
    sql.execute("insert into public.accounts (id, name) values (?, 'Acme')", account);
    sql.execute("insert into public.accounts_memberships values (?, ?, 'owner')", member, account);
    try (Connection connection = MIGRATED.address().dataSource(name, "postgres").getConnection()) {
      Sql request = Sql.on(connection);
      request.execute("set session authorization authenticator; set role authenticated");
      request.rows(
          "select set_config('request.jwt.claims', ?, false)",
          "{\"sub\": \"%s\"}".formatted(member));
      assertThat(new KeyFixture(request).key(account).key()).startsWith("sk_");
    }
  }

  @Test
  void aRoleApiKeyThatMayTooMuchIsRefused() throws SQLException {
    try (Connection connection = MIGRATED.address().dataSource(name, "postgres").getConnection()) {
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.execute("alter role api_key bypassrls");

      SqlFailure failure =
          catchThrowableOfType(
              SqlFailure.class, () -> session.execute(content(files().getFirst())));

      assertThat(failure.sqlState()).isEqualTo("42501");
      assertThat(failure.getMessage()).contains("role api_key");
      connection.rollback();
    }
  }

  @Test
  void anApiKeyRoleThatWasMadeAMemberOfAnonIsNoLonger() throws SQLException {
    try (Connection connection = MIGRATED.address().dataSource(name, "postgres").getConnection()) {
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.execute("grant anon to api_key");
      session.execute(content(files().getFirst()));
      assertThat(session.truth("select pg_has_role('api_key', 'anon', 'member')")).isFalse();
      connection.rollback();
    }
  }

  /** Shows only the lines that differ, of hundreds. */
  private static void assertSame(List<String> before, List<String> after) {
    assertThat(after.stream().filter(line -> !before.contains(line))).as("made").isEmpty();
    assertThat(before.stream().filter(line -> !after.contains(line))).as("lost").isEmpty();
  }

  private void run(Path file) {
    sql.execute(content(file));
  }

  private static String content(Path file) {
    return SqlFiles.content(file);
  }

  private static List<Path> files() {
    return SqlFiles.all();
  }
}
