package dev.latchkey.sql;

import static dev.latchkey.sql.PublishedDesigns.ACCOUNT;
import static dev.latchkey.sql.PublishedDesigns.OTHER_OWNER;
import static dev.latchkey.sql.PublishedDesigns.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Migrations;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Each attack twice, by the same statements: against the published SQL, where it succeeds, and
 * against the same database once Latchkey was installed over it.
 */
@DependsOnMajor("membership of roles, and what their members inherit (16)")
final class PublishedAttackTest {
  /** Its roles are there before any of these tests begins. */
  @RegisterExtension static final TestDatabase MIGRATED = new TestDatabase();

  private static Target published;
  private static Target ours;

  /**
   * One of the two databases, equal until Latchkey was installed in one.
   *
   * @param key a key that works
   * @param id its id
   */
  private record Target(String name, DataSource database, Sql sql, String key, UUID id) {
    ApiRequest as(String role, String claims) {
      return ApiRequest.open(database, role, claims);
    }

    ApiRequest user(UUID user) {
      return as("authenticated", "{\"sub\": \"%s\", \"role\": \"authenticated\"}".formatted(user));
    }

    ApiRequest withKey(UUID key) {
      return as("api_key", "{\"sub\": \"%s\", \"role\": \"api_key\"}".formatted(key));
    }
  }

  /** Mallory may log in, call every function that a request may, and make objects of her own. */
  @BeforeAll
  static void makeBoth() {
    MIGRATED
        .sql()
        .execute(
            """
            create role attack_mallory login;
            grant authenticated, service_role to attack_mallory;
            """);
    published = target(false);
    ours = target(true);
  }

  /** Roles belong to the whole server, and the published SQL makes one a member of another. */
  @AfterAll
  static void dropBoth() {
    MIGRATED.sql().execute("revoke anon from api_key");
    MIGRATED.dropDatabase(published.name());
    MIGRATED.dropDatabase(ours.name());
    MIGRATED.sql().execute("drop role attack_mallory");
  }

  private static Target target(boolean installed) {
    String name = MIGRATED.createDatabase(false);
    DataSource database = MIGRATED.address().dataSource(name, "postgres");
    Sql sql = Sql.on(database);
    PublishedDesigns designs = new PublishedDesigns(sql).application().privateSchema();
    sql.execute("create schema mallory authorization attack_mallory");
    sql.execute("alter database %s set search_path = public, extensions".formatted(name));
    sql.execute("grant usage on schema extensions to attack_mallory, service_role");
    String key = designs.key(ACCOUNT, "Build server");
    if (installed) {
      new Migrations(database).install();
    }
    return new Target(name, database, sql, key, designs.idOf(key));
  }

  @Test
  void aCallersOwnCryptMakesAnyKeyValid() throws SQLException {
    assertThat(verifiedWithHerOwnCrypt(published)).contains("\"valid\": true");
    assertThat(verifiedWithHerOwnCrypt(ours)).contains("\"valid\": false");
  }

  private static String verifiedWithHerOwnCrypt(Target target) throws SQLException {
    try (Connection connection =
        MIGRATED.address().dataSource(target.name(), "attack_mallory").getConnection()) {
      Sql mallory = Sql.on(connection);
      mallory.execute(
          """
          create or replace function mallory.crypt(text, text) returns text language sql as 'select $2';
          grant usage on schema mallory to public;
          set search_path = mallory, public, extensions;
          """);
      return mallory.text(
          "select public.verify_api_key(?)", target.key().substring(0, 7) + "0".repeat(36));
    }
  }

  @Test
  void aRoleCheckThatIsNullLetsAStrangerMakeAKey() {
    assertThat(madeByAStranger(published)).startsWith("sk_");
    assertThat(madeByAStranger(ours)).isEqualTo("42501");
  }

  private static String madeByAStranger(Target target) {
    try (ApiRequest stranger = target.user(OTHER_OWNER)) {
      return attempt(
          () ->
              stranger
                  .sql()
                  .text(
                      "select public.create_api_key(?, 'Mine now', ?::jsonb) ->> 'key'",
                      ACCOUNT,
                      KeyFixture.READ_ALL));
    }
  }

  @Test
  void aRoleCheckThatIsNullLetsAStrangerRevokeAKey() {
    assertThat(revokedByAStranger(published)).isEqualTo("true");
    assertThat(revokedByAStranger(ours)).isEqualTo("42501");
  }

  private static String revokedByAStranger(Target target) {
    UUID victim = anotherKey(target, KeyFixture.READ_ALL);
    try (ApiRequest stranger = target.user(OTHER_OWNER)) {
      return attempt(() -> stranger.sql().text("select public.revoke_api_key(?)", victim));
    }
  }

  @Test
  void listingFailsOnEveryCall() {
    assertThat(listed(published)).isEqualTo("42804");
    assertThat(Integer.parseInt(listed(ours))).isPositive();
  }

  private static String listed(Target target) {
    try (ApiRequest owner = target.user(OWNER)) {
      return attempt(
          () ->
              String.valueOf(
                  owner.sql().rows("select * from public.list_api_keys(?)", ACCOUNT).size()));
    }
  }

  @Test
  void deletingAKeyDeletesItsLog() {
    assertThat(linesAfterDeleting(published)).isZero();
    assertThat(linesAfterDeleting(ours)).isEqualTo(1);
  }

  private static long linesAfterDeleting(Target target) {
    UUID key = anotherKey(target, KeyFixture.READ_ALL);
    target
        .sql()
        .rows("select public.log_api_key_usage(?, '/secrets', 'GET', 200, null, null)", key);
    target.sql().execute("delete from api_keys_private.api_keys where id = ?", key);
    return target
        .sql()
        .number("select count(*) from api_keys_private.api_key_logs where api_key_id = ?", key);
  }

  @Test
  void whoeverServesRequestsMayDeleteAKeyAndItsLog() {
    assertThat(deletedByServerCode(published)).isEqualTo("1");
    assertThat(deletedByServerCode(ours)).isEqualTo("42501");
  }

  private static String deletedByServerCode(Target target) {
    UUID key = anotherKey(target, KeyFixture.READ_ALL);
    try (ApiRequest server = target.as("service_role", "{\"role\": \"service_role\"}")) {
      return attempt(
          () ->
              String.valueOf(
                  server.sql().execute("delete from api_keys_private.api_keys where id = ?", key)));
    }
  }

  @Test
  void linesAreForgedByWhoHasNoKey() {
    assertThat(forged(published)).isEqualTo("true");
    assertThat(forged(ours)).isEqualTo("42501");
  }

  private static String forged(Target target) {
    try (ApiRequest nobody = target.as("anon", "")) {
      return attempt(
          () ->
              nobody
                  .sql()
                  .text(
                      "select public.log_api_key_usage(?, '/never', 'GET', 200, '192.0.2.1', 'x') ->> 'success'",
                      target.id()));
    }
  }

  @Test
  void aRefusedLineSaysWhatTheDatabaseSaid() {
    assertThat(answerToABadLine(published)).contains("api_key_logs_api_key_id_fkey");
    assertThat(answerToABadLine(ours)).isEqualTo("API key not found");
  }

  private static String answerToABadLine(Target target) {
    try (ApiRequest server = target.as("service_role", "{\"role\": \"service_role\"}")) {
      return server
          .sql()
          .text(
              "select public.log_api_key_usage(gen_random_uuid(), '/', 'GET', 200, null, null) ->> 'error'");
    } catch (SqlFailure failure) {
      return said(failure).getMessage();
    }
  }

  @Test
  void theHashOfAKeyStandsInTheDetailOfAnError() {
    assertThat(detailOfAFailedWrite(published)).contains("Failing row contains", "$2a$12$");
    assertThat(detailOfAFailedWrite(ours)).doesNotContain("Failing row").doesNotContain("$2a$");
  }

  private static String detailOfAFailedWrite(Target target) {
    try (ApiRequest owner = target.user(OWNER)) {
      owner.sql().text("select public.create_api_key(?, null, '[]')", ACCOUNT);
      return "";
    } catch (SqlFailure failure) {
      return String.valueOf(said(failure));
    }
  }

  @Test
  void whateverIsCalledAScopeIsStored() {
    assertThat(storedScopes(published)).isEqualTo("{\"entity_type\": 7}");
    assertThat(storedScopes(ours)).isEqualTo("22023");
  }

  private static String storedScopes(Target target) {
    try (ApiRequest owner = target.user(OWNER)) {
      return attempt(
          () ->
              owner
                  .sql()
                  .text(
                      "select public.create_api_key(?, 'x', '{\"entity_type\": 7}') ->> 'scopes'",
                      ACCOUNT));
    }
  }

  @Test
  void aScopeThatDeniesGrants() {
    String scopes =
        "[{\"entity_type\": \"document\", \"entity_id\": \"*\", \"action\": \"read\", \"effect\": \"deny\"}]";
    assertThat(may(published, scopes, "'1'")).isTrue();
    assertThat(may(ours, scopes, "'1'")).isFalse();
  }

  @Test
  void anEntityWithoutAnIdIsAllowed() {
    String scopes = "[{\"entity_type\": \"document\", \"entity_id\": null, \"action\": \"read\"}]";
    assertThat(may(published, scopes, "null")).isTrue();
    assertThat(may(ours, scopes, "null")).isFalse();
    assertThat(may(ours, KeyFixture.READ_ALL, "null")).isFalse();
  }

  /** The scopes as somebody stored them before they were checked. */
  private static boolean may(Target target, String scopes, String entity) {
    try (ApiRequest request = target.withKey(anotherKey(target, scopes))) {
      return request
          .sql()
          .truth("select public.has_scope('document', %s, 'read')".formatted(entity));
    }
  }

  @Test
  void aRevokedKeyKeepsItsScopesInATokenThatWasMintedBefore() {
    for (Target target : List.of(published, ours)) {
      UUID key = anotherKey(target, KeyFixture.READ_ALL);
      try (ApiRequest request = target.withKey(key);
          ApiRequest owner = target.user(OWNER)) {
        owner.sql().rows("select public.revoke_api_key(?)", key);
        assertThat(request.sql().truth("select public.has_scope('document', '1', 'read')"))
            .isEqualTo(target == published);
        assertThat(request.sql().truth("select public.get_api_key_account_id() is not null"))
            .isEqualTo(target == published);
      }
    }
  }

  /** Functions that a request without any identity may call and that read or write keys. */
  @Test
  void anonMayExecuteEverything() {
    assertThat(ofAnon(published))
        .containsExactly(
            "create_api_key",
            "get_api_key_account_id",
            "has_scope",
            "list_api_keys",
            "log_api_key_usage",
            "revoke_api_key",
            "verify_api_key");
    assertThat(ofAnon(ours)).isEmpty();
  }

  private static List<String> ofAnon(Target target) {
    return target
        .sql()
        .texts(
            """
            select distinct proname from pg_proc
            where pronamespace = 'public'::regnamespace and has_function_privilege('anon', oid, 'execute')
              and proname in ('create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'log_api_key_usage',
                'has_scope', 'get_api_key_account_id')
            order by 1
            """);
  }

  /**
   * Counts how often crypt is called instead of measuring time: first for a string whose first
   * characters no key has, then for one that begins like a key.
   */
  @Test
  void theFirstCharactersTellWhetherThereIsAKey() {
    assertThat(hashes(published, "sk_none" + "0".repeat(36))).isZero();
    assertThat(hashes(published, published.key().substring(0, 7) + "0".repeat(36))).isOne();

    assertThat(hashes(ours, "sk_none" + "0".repeat(36))).isOne();
    assertThat(hashes(ours, ours.key().substring(0, 7) + "0".repeat(36))).isOne();
    assertThat(hashes(ours, ours.key())).as("a key that works").isOne();
  }

  @Test
  void keysThatShareTheirFirstCharactersAreNotToldApartByTimeEither() {
    Target target = ours;
    UUID twin = anotherKey(target, KeyFixture.READ_ALL);
    target
        .sql()
        .execute(
            "update api_keys_private.api_keys set key_prefix = left(?, 7) where id = ?",
            target.key(),
            twin);
    try {
      assertThat(hashes(target, "sk_none" + "0".repeat(36))).isEqualTo(2);
      assertThat(hashes(target, target.key().substring(0, 7) + "0".repeat(36))).isEqualTo(2);
    } finally {
      target.sql().execute("delete from api_keys_private.api_keys where id = ?", twin);
    }
  }

  /** How often a verification hashes by crypt. Leaves nothing behind. */
  private static long hashes(Target target, String key) {
    try (Connection connection = target.database().getConnection()) {
      connection.setAutoCommit(false);
      Sql sql = Sql.on(connection);
      String schema = target == published ? "extensions" : "api_keys_private";
      sql.execute(
          """
          create sequence public.crypt_calls;
          grant usage on sequence public.crypt_calls to public;
          create function public.real_crypt(text, text) returns text language c immutable strict as '$libdir/pgcrypto', 'pg_crypt';
          create function public.counting_crypt(text, text) returns text language plpgsql as $$
          begin
            perform nextval('public.crypt_calls');
            return public.real_crypt($1, $2);
          end $$;
          """);
      if (target == published) {
        sql.execute(
            "create schema counted; alter function public.counting_crypt(text, text) set schema counted;"
                + " alter function counted.counting_crypt(text, text) rename to crypt; set local search_path = counted, public,"
                + " extensions");
      } else {
        sql.execute(
            """
            create or replace function %s.crypt(p_secret text, p_setting text) returns text language sql volatile
              as 'select public.counting_crypt(p_secret, p_setting)'
            """
                .formatted(schema));
      }
      sql.text("select public.verify_api_key(?, null::inet)", key);
      long calls =
          sql.number(
              "select case when is_called then last_value else 0 end from public.crypt_calls");
      connection.rollback();
      return calls;
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /**
   * The policies of the published documents, asked per row, and those that evaluate once per
   * statement give the same rows, whatever the scopes.
   */
  @Test
  void policiesPerRowAndPerStatementAllowTheSame() {
    Sql sql = ours.sql();
    sql.execute(
        """
        create table public.pages (like public.documents including all);
        alter table public.pages enable row level security;
        grant select on public.pages to api_key;
        create policy "API keys can read pages" on public.pages for select to api_key using (
          account_id = (select public.get_api_key_account_id())
          and ((select public.has_scope_on_all('document', 'read'))
            or id::text = any ((select public.scoped_ids('document', 'read'))::text[])));
        """);
    List<String> ids =
        sql.texts(
            """
            with made as (
              insert into public.documents (account_id, title)
              select case when i % 3 = 0 then ?::uuid else ?::uuid end, 'Document ' || i from generate_series(1, 12) as i
              returning *
            ), copied as (insert into public.pages select * from made)
            select id::text from made order by title
            """,
            PublishedDesigns.OTHER_ACCOUNT, ACCOUNT);
    List<String> scopes =
        List.of(
            "[]",
            scope("*", "*", "*"),
            scope("document", "*", "*"),
            scope("document", "*", "read"),
            scope("document", "*", "update"),
            scope("document", ids.get(0), "read"),
            scope("document", ids.get(1), "*"),
            scope("document", ids.get(2), "delete"),
            scope("*", ids.get(3), "read"),
            scope("*", "*", "read"),
            "{\"entity_type\": \"document\"}",
            "null",
            "[%s, %s]"
                .formatted(
                    scope("document", ids.get(4), "read").replaceAll("[\\[\\]]", ""),
                    scope("document", ids.get(5), "read").replaceAll("[\\[\\]]", "")));
    long seen = 0;
    for (String set : scopes) {
      try (ApiRequest request = ours.withKey(anotherKey(ours, set))) {
        List<String> perRow = request.sql().texts("select id from public.documents order by 1");
        assertThat(request.sql().texts("select id from public.pages order by 1"))
            .as(set)
            .isEqualTo(perRow);
        seen += perRow.size();
      }
    }
    assertThat(seen).isGreaterThan(8 * 3);
  }

  private static String scope(String type, String id, String action) {
    return String.format(
        Locale.ROOT,
        "[{\"entity_type\": \"%s\", \"entity_id\": \"%s\", \"action\": \"%s\"}]",
        type,
        id,
        action);
  }

  /** A key with these scopes, stored as the published design stores it, without any check. */
  private static UUID anotherKey(Target target, String scopes) {
    String extra = target == ours ? ", kind, prefix, hash_method, role" : "";
    return UUID.fromString(
        target
            .sql()
            .text(
                """
                insert into api_keys_private.api_keys (account_id, name, key_prefix, key_hash, scopes, created_by%s)
                values (?, 'Another', 'sk_' || left(md5(random()::text), 4), extensions.crypt('x', extensions.gen_salt('bf', 4)), ?::jsonb, ?%s)
                returning id
                """
                    .formatted(
                        extra, extra.isEmpty() ? "" : ", 'scoped', 'sk_', 'bcrypt', 'api_key'"),
                ACCOUNT,
                scopes,
                OWNER));
  }

  private interface Answer {
    String get();
  }

  /** What the call answers, or the SQLSTATE of its refusal. */
  private static String attempt(Answer call) {
    try {
      return call.get();
    } catch (SqlFailure failure) {
      return failure.sqlState();
    }
  }

  private static ServerErrorMessage said(SqlFailure failure) {
    return ((PSQLException) failure.getCause()).getServerErrorMessage();
  }
}
