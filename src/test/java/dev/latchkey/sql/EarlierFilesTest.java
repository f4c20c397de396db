package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Migrations;
import dev.latchkey.database.SchemaState;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Databases that the files V1 to V8 made are taken over without loss, and are then what a fresh
 * installation is.
 */
@DependsOnMajor("what an earlier version left, brought up to date, as the catalogue tells it")
final class EarlierFilesTest {
  @RegisterExtension static final TestDatabase MIGRATED = new TestDatabase();

  private static final String READER = "earlier_files_reader";

  /** What an application has that uses Latchkey: policies, and a view of its own. */
  private static final String APPLICATION =
      """
      create table public.documents (
        id uuid not null default gen_random_uuid(), account_id uuid, title text, constraint documents_pkey primary key (id));
      alter table public.documents enable row level security;
      grant select, update on public.documents to api_key;
      create policy by_row on public.documents for select to api_key
        using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'read'));
      create policy by_set on public.documents for update to api_key
        using (
          (select public.has_scope_on_all('document', 'write'))
          or id::text = any ((select public.scoped_ids('document', 'write'))::text[]));
      create view public.my_keys as select k.id, k.name, k.status from latchkey.keys as k;
      """;

  /** Everything else that a database in use has rows of; keys and tokens are made before. */
  private static final String USE =
      """
      select latchkey.create_project_key('secret', 'Server', 'service_role', 'For the server');
      select latchkey.rotate_api_key(id, '1 day') from latchkey.keys where kind = 'secret' and replaced_by is null;
      select latchkey.disable_api_key((latchkey.create_project_key('publishable', 'Web') ->> 'id')::uuid);
      select public.log_api_key_usage(k.id, '/v1/' || i, 'GET', (array[200, 404, 403, 500])[i % 4 + 1], '203.0.113.7', 'curl')
      from latchkey.keys as k, generate_series(1, 20) as i;
      select public.log_api_key_usage_batch(jsonb_agg(jsonb_build_object(
        'api_key_id', k.id, 'endpoint', '/batch', 'method', 'POST', 'timestamp', now() - interval '20 days')))
      from latchkey.keys as k;
      insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, timestamp)
      select k.id, '/stray', 'GET', '2031-05-05' from latchkey.keys as k;
      select latchkey.maintain_usage_log();
      select public.log_api_key_usage(k.id, '/not/rolled/up', 'GET') from latchkey.keys as k;
      select public.verify_api_key('sk_unknown'), public.verify_api_key(key_prefix || 'x') from latchkey.keys;
      insert into api_keys_private.refused_key_counts values (gen_random_uuid(), now(), 0, 7);
      insert into api_keys_private.rate_counts values (gen_random_uuid(), now(), 1, 7);
      select public.register_user_token('Robot', now() + interval '1 year', jsonb_build_object('sub', gen_random_uuid()));
      select latchkey.switch_legacy_key('anon', false);
      insert into api_keys_private.legacy_key_minutes values ('service_role', now(), 1);
      update api_keys_private.http_gate_settings set earlier_pre_request = 'public.theirs';
      select latchkey.set_temporary_access('enabled');
      select latchkey.set_access_policy('{"max_duration": "30 days", "reason_pattern": "[A-Z]+-[0-9]+"}');
      select temporary_access.authorize('nobody', 'jit_wrong', '192.0.2.1') from generate_series(1, 120);
      """;

  private static final String FIRST =
      "create function public.theirs() returns void language sql as 'select'";

  enum Way {
    PSQL {
      @Override
      void install(DataSource database) {
        SqlFiles.earlier().forEach(file -> Sql.on(database).execute(SqlFiles.content(file)));
      }
    },
    FLYWAY {
      @Override
      void install(DataSource database) {
        Flyway.configure()
            .dataSource(database)
            .locations("filesystem:" + SqlFiles.earlierFolder())
            .schemas("latchkey")
            .createSchemas(true)
            .table("schema_history")
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .placeholderReplacement(false)
            .group(true)
            .load()
            .migrate();
      }
    };

    abstract void install(DataSource database);
  }

  private String name;
  private DataSource database;
  private Sql sql;

  @BeforeAll
  static void makeRole() {
    MIGRATED.sql().execute("create role " + READER + " login");
  }

  @AfterAll
  static void dropRole() {
    MIGRATED.sql().execute("drop role " + READER);
  }

  @BeforeEach
  void makeDatabase() {
    name = MIGRATED.createDatabase(false);
    database = MIGRATED.address().dataSource(name, "postgres");
    sql = MIGRATED.sqlIn(name);
  }

  @AfterEach
  void dropDatabase() {
    MIGRATED.dropDatabase(name);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void nothingIsLost(Way way) {
    sql.execute(FIRST);
    way.install(database);
    sql.execute(APPLICATION);
    KeyFixture keys = new KeyFixture(sql);
    UUID account = keys.account("Acme");
    KeyFixture.MadeKey key = keys.key(account);
    sql.execute("insert into public.documents (account_id, title) values (?, 'Mine')", account);
    String member =
        sql.text("select user_id from latchkey.add_member('ann@earlier.example', 'Ann')");
    sql.rows(
        "select latchkey.grant_access(?::uuid, ?, now() + interval '1 day', p_reason => 'OPS-1')",
        member,
        READER);
    String token =
        sql.text(
            "select latchkey.create_access_token(?::uuid, 'laptop', now() + interval '7 days') ->> 'token'",
            member);
    // Rolling up counts the lines of transactions that have ended.
    for (String statement : USE.split(";\n")) {
      sql.execute(statement);
    }
    assertThat(accepted(token)).isTrue();
    Map<String, String> rows = rows();
    assertThat(rows.keySet()).as("tables with rows").hasSize(20);

    new Migrations(database).install();

    assertThat(new Migrations(database).check()).isEqualTo(new SchemaState.Current());
    assertThat(rows()).containsAllEntriesOf(rows);
    List<String> after = new Catalogue(sql).fingerprint();
    assertSame(fresh(), after);
    new Migrations(database).install();
    sql.execute(Migrations.script());
    assertSame(after, new Catalogue(sql).fingerprint());
    assertThat(rows()).containsAllEntriesOf(rows);

    assertThat(keys.valid(key.key())).isTrue();
    assertThat(accepted(token)).isTrue();
    try (ApiRequest request =
        ApiRequest.open(
            database, "api_key", "{\"sub\": \"%s\", \"role\": \"api_key\"}".formatted(key.id()))) {
      assertThat(request.sql().texts("select title from public.documents")).containsExactly("Mine");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void eachOfTheFilesIsFollowedByTheNewOnes(int newest) {
    for (Path file : SqlFiles.earlier().subList(0, newest)) {
      sql.execute(SqlFiles.content(file));
    }
    new Migrations(database).install();
    assertSame(new Catalogue(MIGRATED.sql()).fingerprint(), new Catalogue(sql).fingerprint());
  }

  @Test
  void whatFilesOfBeforeTheFirstReleaseLackedIsAdded() {
    SqlFiles.earlier().forEach(file -> sql.execute(SqlFiles.content(file)));
    sql.execute(
        """
        alter table temporary_access.settings drop column networks_required;
        alter table temporary_access.noise drop constraint noise_slot_range;
        alter table temporary_access.noise rename column slot to backend;
        insert into temporary_access.noise values ('2026-01-01', 7, 1), ('2026-01-01', 71, 2), ('2026-01-02', 71, 4);
        alter table temporary_access.logins drop constraint logins_ended_why_check;
        alter table temporary_access.logins add constraint logins_ended_why_check check (ended_why in ('closed', 'gone'));
        create index logins_user_id_at_idx on temporary_access.logins (user_id, at desc);
        """);

    new Migrations(database).install();

    assertSame(new Catalogue(MIGRATED.sql()).fingerprint(), new Catalogue(sql).fingerprint());
    assertThat(
            sql.texts(
                "select concat_ws(' ', minute::date, slot, attempts) from temporary_access.noise order by 1"))
        .containsExactly("2026-01-01 7 3", "2026-01-02 7 4");
  }

  private boolean accepted(String token) {
    return sql.truth(
        "select temporary_access.authorize(?, ?, '192.0.2.1') is not null", READER, token);
  }

  /**
   * Of each table that has rows, how many and which; columns that came and are empty do not count.
   */
  private Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    for (String table :
        sql.texts(
            """
            select c.oid::regclass from pg_class as c
            where c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'schema_history'
              and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
            """)) {
      String content =
          sql.text(
              "select count(*) || ' ' || md5(string_agg(r.text, '|' order by r.text)) from %s as t, jsonb_strip_nulls(to_jsonb(t)) as j, cast(j as text) as r (text)"
                  .formatted(table));
      if (content != null) {
        rows.put(table, content);
      }
    }
    return rows;
  }

  /** What a database has in which only the new files were run. */
  private static List<String> fresh() {
    String other = MIGRATED.createDatabase(false);
    try {
      Sql fresh = Sql.on(MIGRATED.address().dataSource(other, "postgres"));
      fresh.execute(FIRST);
      fresh.execute(Migrations.script());
      fresh.execute(APPLICATION);
      fresh.execute(
          "update api_keys_private.http_gate_settings set earlier_pre_request = 'public.theirs'");
      fresh.execute(SqlFiles.content(SqlFiles.code()));
      return new Catalogue(fresh).fingerprint();
    } finally {
      MIGRATED.dropDatabase(other);
    }
  }

  /** Shows only the lines that differ, of hundreds. */
  private static void assertSame(List<String> before, List<String> after) {
    assertThat(after.stream().filter(line -> !before.contains(line))).as("more").isEmpty();
    assertThat(before.stream().filter(line -> !after.contains(line))).as("less").isEmpty();
  }
}
