package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key may do: has_scope and its set-based companions, and policies that ask them. */
final class ScopesTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final UUID FIRST = UUID.fromString("00000000-0000-0000-0000-000000000001");
  private static final UUID SECOND = UUID.fromString("00000000-0000-0000-0000-000000000002");

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private UUID account;

  /** An application's table with the published policies and the set-based one side by side. */
  @BeforeAll
  static void makeDocuments() {
    DATABASE
        .sql()
        .execute(
            """
            create table public.documents (id uuid primary key, account_id uuid not null, title text not null);
            alter table public.documents enable row level security;
            grant select, insert, update, delete on public.documents to api_key;
            create policy read on public.documents for select to api_key using (
              account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'read'));
            create policy make on public.documents for insert to api_key with check (
              account_id = public.get_api_key_account_id() and public.has_scope('document', '*', 'create'));
            create policy change on public.documents for update to api_key using (
              account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'update'));
            create policy remove on public.documents for delete to api_key using (
              account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'delete'));
            create table public.pages (like public.documents including all);
            alter table public.pages enable row level security;
            grant select on public.pages to api_key;
            create policy read on public.pages for select to api_key using (
              account_id = (select public.get_api_key_account_id())
              and ((select public.has_scope_on_all('document', 'read'))
                or id::text = any ((select public.scoped_ids('document', 'read'))::text[])));
            """);
  }

  @BeforeEach
  void makeAccount() {
    account = fixture.account("Acme");
    sql.execute("truncate public.documents, public.pages");
    for (String table : List.of("documents", "pages")) {
      sql.execute(
          "insert into public."
              + table
              + " values (?, ?, 'First'), (?, ?, 'Second'), (gen_random_uuid(),"
              + " gen_random_uuid(), 'Someone else''s')",
          FIRST,
          account,
          SECOND,
          account);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "*, *, *, document, 5, read, true",
    "*, *, *, document, *, create, true",
    "*, *, *, *, *, *, true",
    "document, *, *, document, 5, read, true",
    "document, *, *, document, *, create, true",
    "document, *, *, invoice, 5, read, false",
    "document, *, read, document, 5, read, true",
    "document, *, read, document, 5, write, false",
    "document, *, read, document, *, read, true",
    "document, *, read, document, *, *, false",
    "document, 5, read, document, 5, read, true",
    "document, 5, read, document, 6, read, false",
    "document, 5, read, document, 5, write, false",
    "document, 5, read, document, *, read, false",
    "document, 5, *, document, 5, anything, true",
    "document, 5, *, document, 6, anything, false",
    "*, *, read, document, 5, read, false",
    "*, *, read, *, *, read, false",
    "*, 5, read, document, 5, read, false",
    "*, 5, read, *, 5, read, false",
    "*, 5, *, *, 5, *, false",
    "document, 5, read, Document, 5, read, false",
    "doc%, *, *, document, 5, read, false"
  })
  void honoursTheFiveShapesAndNothingElse(
      String type,
      String id,
      String action,
      String askType,
      String askId,
      String ask,
      boolean yes) {
    MadeKey key = fixture.key(account, "[" + scope(type, id, action) + "]");
    assertThat(allowed(key, askType, askId, ask)).isEqualTo(yes);
  }

  @Test
  void aNullQuestionIsAnsweredWithNo() {
    MadeKey key = fixture.key(account, "[" + scope("*", "*", "*") + "]");
    try (ApiRequest request = ApiRequest.key(DATABASE, key.id())) {
      assertThat(
              request
                  .sql()
                  .row(
                      "select public.has_scope(null, '5', 'read') as a,"
                          + " public.has_scope('document', null, 'read') as b,"
                          + " public.has_scope('document', '5', null) as c,"
                          + " public.has_scope_on_all(null, 'read') as d,"
                          + " public.has_scope_on_all('document', null) as e")
                  .values())
          .containsOnly(false);
      assertThat(
              request
                  .sql()
                  .row(
                      "select public.scoped_ids(null, 'x')::text as a, public.scoped_ids('x',"
                          + " null)::text as b")
                  .values())
          .containsOnly("{}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"entity_type\": \"*\", \"entity_id\": \"*\", \"action\": \"*\", \"effect\": \"deny\"}]",
        "[{\"entity_type\": \"document\", \"entity_id\": \"*\", \"action\": \"*\", \"expires_at\":"
            + " \"2020-01-01\"}]",
        "[{\"entity_type\": \"document\", \"entity_id\": null, \"action\": \"*\"}]",
        "[{\"entity_type\": \"document\", \"action\": \"*\"}]",
        "[{}]",
        "{\"entity_type\": \"*\", \"entity_id\": \"*\", \"action\": \"*\"}",
        "\"*\"",
        "null"
      })
  void storedScopesFromElsewhereThatBreakTheRulesAreShownAndGrantNothing(String stored) {
    MadeKey key = fixture.key(account);
    sql.execute(
        "update api_keys_private.api_keys set scopes = ?::jsonb where id = ?", stored, key.id());

    assertThat(allowed(key, "document", "5", "read")).isFalse();
    assertThat(allowed(key, "document", "*", "read")).isFalse();
    try (ApiRequest request = ApiRequest.key(DATABASE, key.id())) {
      assertThat(request.sql().truth("select public.has_scope_on_all('document', 'read')"))
          .isFalse();
      assertThat(request.sql().text("select public.scoped_ids('document', 'read')"))
          .isEqualTo("{}");
    }
    assertThat(sql.number("select count(*) from latchkey.keys where id = ?", key.id()))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select latchkey.disable_api_key(?)",
        "select latchkey.revoke_key(?, 'Over')",
        "update api_keys_private.api_keys set expires_at = now() where id = ?"
      })
  void anEndedKeyHasNoScopeFromThatInstantAlsoInATokenMintedBefore(String ending) {
    MadeKey key = fixture.key(account, "[" + scope("document", "*", "*") + "]");
    try (ApiRequest request = ApiRequest.key(DATABASE, key.id())) {
      assertThat(request.sql().texts("select title from public.documents order by 1"))
          .containsExactly("First", "Second");

      sql.execute(ending, key.id());

      assertThat(request.sql().texts("select title from public.documents")).isEmpty();
      assertThat(request.sql().texts("select title from public.pages")).isEmpty();
      assertThat(request.sql().truth("select public.has_scope('document', '*', 'create')"))
          .isFalse();
      assertThat(request.sql().text("select public.get_api_key_account_id()")).isNull();
    }
  }

  @Test
  void policiesGiveWhatTheScopesGiveAndNoMore() {
    MadeKey key =
        fixture.key(
            account,
            "[%s, %s, %s]"
                .formatted(
                    scope("document", FIRST.toString(), "read"),
                    scope("document", FIRST.toString(), "update"),
                    scope("document", "*", "create")));
    try (ApiRequest request = ApiRequest.key(DATABASE, key.id())) {
      assertThat(request.sql().texts("select title from public.documents"))
          .containsExactly("First");
      assertThat(request.sql().texts("select title from public.pages")).containsExactly("First");
      assertThat(request.sql().execute("update public.documents set title = 'Changed'"))
          .isEqualTo(1);
      assertThat(request.sql().execute("delete from public.documents")).isZero();
      assertThat(
              request
                  .sql()
                  .execute(
                      "insert into public.documents values (gen_random_uuid(), ?, 'New')", account))
          .isEqualTo(1);
      fixture.assertRefused(
          "42501",
          "row-level security",
          () ->
              request
                  .sql()
                  .execute(
                      "insert into public.documents values (gen_random_uuid(), gen_random_uuid(),"
                          + " 'Not mine')"));
    }
  }

  @Test
  void everythingOfOneTypeIsNotEverythingOfEveryAccount() {
    MadeKey key = fixture.key(account, "[" + scope("*", "*", "*") + "]");
    try (ApiRequest request = ApiRequest.key(DATABASE, key.id())) {
      assertThat(request.sql().texts("select title from public.documents order by 1"))
          .containsExactly("First", "Second");
    }
  }

  @Test
  void onlyScopedKeysHaveScopes() {
    MadeKey secret = fixture.projectKey("secret");
    sql.execute(
        "update api_keys_private.api_keys set scopes = ?::jsonb where id = ?",
        "[" + scope("*", "*", "*") + "]",
        secret.id());
    assertThat(allowed(secret, "document", "5", "read")).isFalse();
  }

  @Test
  void aUserHasNoScopes() {
    try (ApiRequest request = ApiRequest.user(DATABASE, fixture.member(account))) {
      assertThat(request.sql().truth("select public.has_scope('document', '*', 'read')")).isFalse();
      assertThat(request.sql().text("select public.get_api_key_account_id()")).isNull();
    }
  }

  private static boolean allowed(MadeKey key, String type, String id, String action) {
    try (ApiRequest request = ApiRequest.key(DATABASE, key.id())) {
      return request.sql().truth("select public.has_scope(?, ?, ?)", type, id, action);
    }
  }

  private static String scope(String type, String id, String action) {
    return "{\"entity_type\": \"%s\", \"entity_id\": \"%s\", \"action\": \"%s\"}"
        .formatted(type, id, action);
  }
}
