package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found in a database, told apart; and that installing does what was said. */
final class SchemaStateTest {
  /** Its roles are there before any of these tests begins. */
  @RegisterExtension static final TestDatabase MIGRATED = new TestDatabase();

  private static final List<String> PRIVATE =
      List.of("application.sql", "published-private-schema.sql");
  private static final List<String> KSUID = List.of("application.sql", "published-ksuid.sql");
  private static final List<String> BOTH =
      List.of("application.sql", "published-private-schema.sql", "published-ksuid.sql");

  private String name;
  private DataSource database;
  private Sql sql;

  @BeforeEach
  void makeDatabase() {
    name = MIGRATED.createDatabase(false);
    database = MIGRATED.address().dataSource(name, "postgres");
    sql = MIGRATED.sqlIn(name);
  }

  /** Roles belong to the whole server, and the published SQL makes one a member of another. */
  @AfterEach
  void dropDatabase() {
    sql.execute("revoke anon from api_key");
    MIGRATED.dropDatabase(name);
  }

  static Stream<Arguments> designs() {
    var privateSchema = new SchemaState.PrivateSchemaDesign(Count.exactly(0), Count.exactly(0));
    var ksuid = new SchemaState.KsuidDesign(Count.exactly(0));
    return Stream.of(
        Arguments.of(List.of(), new SchemaState.Missing()),
        Arguments.of(List.of("application.sql"), new SchemaState.Missing()),
        Arguments.of(PRIVATE, privateSchema),
        Arguments.of(KSUID, ksuid),
        Arguments.of(BOTH, new SchemaState.BothDesigns(privateSchema, ksuid)));
  }

  @ParameterizedTest
  @MethodSource("designs")
  void whatIsThereIsToldAndInstallingEndsInTheCurrentVersion(
      List<String> scripts, SchemaState found) {
    scripts.forEach(this::run);
    assertThat(migrations().check()).isEqualTo(found);
    assertThat(found.installs()).isTrue();

    migrations().install();

    assertThat(migrations().check()).isEqualTo(new SchemaState.Current());
    assertThat(new SchemaState.Current().installs()).isFalse();
  }

  static Stream<Arguments> strangers() {
    return Stream.of(
        Arguments.of(
            PRIVATE,
            "alter table api_keys_private.api_keys drop column scopes",
            "api_keys_private.api_keys"),
        Arguments.of(
            PRIVATE,
            "alter table api_keys_private.api_keys add column team text not null",
            "api_keys_private.api_keys"),
        Arguments.of(
            PRIVATE,
            "alter table api_keys_private.api_key_logs drop column method",
            "api_keys_private.api_key_logs"),
        Arguments.of(
            PRIVATE, "create table api_keys_private.teams (id uuid)", "api_keys_private.teams"),
        Arguments.of(
            PRIVATE,
            "create function public.scoped_ids(text, text) returns text[] language sql as 'select null::text[]'",
            "public.scoped_ids()"),
        Arguments.of(
            KSUID,
            "alter table public.api_keys add column revoked boolean",
            "public.create_api_key()"),
        Arguments.of(
            List.of(),
            "create schema audit; create table audit.record_version (id bigint)",
            "audit.record_version"),
        Arguments.of(
            List.of(),
            "create schema latchkey; create function latchkey.f() returns int language sql as 'select 1'",
            "latchkey.f()"),
        Arguments.of(
            List.of(),
            "create function public.has_scope(text) returns boolean language sql as 'select true'",
            "public.has_scope()"),
        Arguments.of(
            List.of(),
            "create table public.accounts (id bigint, name text)",
            "public.accounts without a column slug"));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void whatIsNotKnownIsNamedAndInstallingIsRefusedForTheSameReason(
      List<String> scripts, String change, String what) {
    scripts.forEach(this::run);
    sql.execute(change);
    var found = new SchemaState.Unknown(what);
    assertThat(migrations().check()).isEqualTo(found);
    assertThat(found.installs()).isFalse();
    boolean schemaWasThere = hasSchema();

    FailureException refused =
        catchThrowableOfType(FailureException.class, () -> migrations().install());

    assertThat(refused.failure().code()).isEqualTo("0A000");
    assertThat(refused.failure().sentence()).contains(what.replace("()", ""));
    assertThat(hasSchema()).isEqualTo(schemaWasThere);
    assertThat(migrations().check()).isEqualTo(found);
  }

  @Test
  void keysAndLinesAreCountedForWhoMayReadThemAndNotForOthers() {
    BOTH.forEach(this::run);
    sql.execute(
        """
        insert into auth.users values ('00000000-0000-4000-8000-00000000000a', 'a@example.com');
        insert into api_keys_private.api_keys (account_id, name, key_prefix, key_hash, created_by)
        select gen_random_uuid(), 'x', 'sk_', 'x', gen_random_uuid() from generate_series(1, 2);
        insert into api_keys_private.api_key_logs (endpoint, method) select '/', 'GET' from generate_series(1, 1234);
        select public.create_api_key('00000000-0000-4000-8000-00000000000a', 'x');
        """);
    SchemaState found = migrations().check();
    assertThat(found.sentence())
        .isEqualTo(
            "This database has API keys of both published designs: 2 keys and 1,234 log lines in schema"
                + " api_keys_private, and 1 key in public.api_keys.");

    sql.execute("create role schema_state_guest login");
    try {
      SchemaState seen =
          new Migrations(MIGRATED.address().dataSource(name, "schema_state_guest")).check();
      assertThat(seen)
          .isEqualTo(
              new SchemaState.BothDesigns(
                  new SchemaState.PrivateSchemaDesign(Count.unknown(), Count.unknown()),
                  new SchemaState.KsuidDesign(Count.unknown())));
      assertThat(seen.sentence()).contains("an unknown number of keys");
    } finally {
      sql.execute("drop role schema_state_guest");
    }
  }

  @Test
  void manyLinesAreEstimatedByTheServer() {
    PRIVATE.forEach(this::run);
    sql.execute(
        "set allow_system_table_mods = on; update pg_class set reltuples = 12345678 where oid ="
            + " 'api_keys_private.api_key_logs'::regclass");
    assertThat(migrations().check())
        .isEqualTo(new SchemaState.PrivateSchemaDesign(Count.exactly(0), Count.about(12_345_678)));
  }

  @Test
  void versionsAreToldApart() {
    migrations().install();
    for (int version : new int[] {1, SchemaState.NEEDED, 99}) {
      sql.execute(
          "create or replace function latchkey.schema_version() returns integer language sql immutable as 'select %d'"
              .formatted(version));
      SchemaState found = migrations().check();
      assertThat(found)
          .isEqualTo(
              switch (version) {
                case 1 -> new SchemaState.Older(version);
                case 99 -> new SchemaState.Newer(version);
                default -> new SchemaState.Current();
              });
      assertThat(found.sentence()).contains("version " + version);
    }
    assertThat(new SchemaState.Older(1).installs()).isTrue();
    assertThat(new SchemaState.Newer(99).installs()).isFalse();
  }

  private Migrations migrations() {
    return new Migrations(database);
  }

  private boolean hasSchema() {
    return sql.truth("select to_regnamespace('latchkey') is not null");
  }

  private void run(String script) {
    try (InputStream resource =
        SchemaStateTest.class.getResourceAsStream("/dev/latchkey/sql/" + script)) {
      sql.execute(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
