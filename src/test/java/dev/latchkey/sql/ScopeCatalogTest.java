package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entity types and actions as the policies of a database name them. */
final class ScopeCatalogTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String CATALOG =
      """
      select concat_ws(' ', coalesce(entity_type, '?'), coalesce(action, '?'), table_schema, table_name, policy, command, is_per_row)
      from latchkey.scope_catalog where table_name = ? order by 1
      """;

  private final Sql sql = DATABASE.sql();

  @BeforeAll
  static void makePolicies() {
    DATABASE
        .sql()
        .execute(
            """
            create schema shop;
            create table public.documents (id uuid, account_id uuid, title text);
            create policy "Read" on public.documents for select to api_key
              using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'read'));
            create policy "Create" on public.documents for insert to api_key with check (public.has_scope('document', '*', 'create'));
            create policy "Change" on public.documents for update to api_key
              using (public.has_scope('document', coalesce(id::text, ''), 'update'))
              with check (public.has_scope('document', title || ', ''none'')', 'update') and public.has_scope('it''s', 'x', 'y'));
            create policy "Owners" on public.documents for all to authenticated using (account_id = auth.uid());
            create table shop.orders (id uuid, kind text);
            create policy "Read orders" on shop.orders for select to api_key using (
              (select public.has_scope_on_all('order', 'read')) or id::text = any ((select public.scoped_ids('order', 'read'))::text[]));
            create table shop.things (id uuid, kind text);
            create function shop.has_scope(text, text, text) returns boolean language sql as 'select true';
            create policy "All things" on shop.things for all to api_key using (public.has_scope(kind, id::text, 'see'));
            create policy "Theirs" on shop.things for select to api_key using (shop.has_scope('theirs', 'x', 'read'));
            create policy "Text" on shop.things for delete to api_key using (kind = 'has_scope(''no'', 1)');
            """);
  }

  @Test
  void thePublishedExampleIsFound() {
    assertThat(sql.texts(CATALOG, "documents"))
        .containsExactlyInAnyOrder(
            "document create public documents Create INSERT t",
            "document read public documents Read SELECT t",
            "document update public documents Change UPDATE t",
            "it's y public documents Change UPDATE t");
  }

  @Test
  void setBasedPoliciesAreFoundOnce() {
    assertThat(sql.texts(CATALOG, "orders"))
        .containsExactly("order read shop orders Read orders SELECT f");
  }

  @Test
  void aComputedTypeIsShownAsUnknownAndOtherFunctionsAndTextsAreNone() {
    assertThat(sql.texts(CATALOG, "things")).containsExactly("? see shop things All things ALL t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"public", "shop, public", "shop", "pg_catalog"})
  void theReadersSearchPathChangesNothing(String path) throws Exception {
    try (Connection connection = DATABASE.connect()) {
      Sql session = Sql.on(connection);
      session.execute("set search_path = " + path);
      assertThat(session.number("select count(*) from latchkey.scope_catalog")).isEqualTo(6);
      assertThat(session.texts(CATALOG, "things")).hasSize(1);
    }
  }

  @Test
  void itIsForOperatorsAndAuditors() throws Exception {
    try (Connection connection = DATABASE.connect()) {
      Sql session = Sql.on(connection);
      session.execute("set session authorization latchkey_auditor");
      assertThat(session.number("select count(*) from latchkey.scope_catalog")).isEqualTo(6);
      session.execute("set session authorization service_role");
      SqlFailure failure =
          catchThrowableOfType(
              SqlFailure.class, () -> session.rows("select * from latchkey.scope_catalog"));
      assertThat(failure.sqlState()).isEqualTo("42501");
    }
  }

  /** Eight times as much takes eight times as long, not sixty-four times: a ratio, not a clock. */
  @Test
  void aLongExpressionIsReadOnceFromEndToEnd() {
    reading(200);
    double growth = Math.max(reading(1600), 1) / (double) Math.max(reading(200), 1);

    assertThat(growth).as("time for 1,600 questions to that for 200").isLessThan(24);
  }

  private static long reading(int questions) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      long begin = System.nanoTime();
      assertThat(
              DATABASE
                  .sql()
                  .number(
                      """
                      select count(*)
                      from (
                        select string_agg(format('public.has_scope(''type%s''::text, (id)::text, ''read''::text)', i), ' OR ') as text
                        from generate_series(1, ?) as i
                      ) as e
                      cross join lateral api_keys_private.scope_questions(e.text) as q
                      where q.entity_type is not null and q.action = 'read'
                      """,
                      questions))
          .isEqualTo(questions);
      best = Math.min(best, System.nanoTime() - begin);
    }
    return best;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "has_scope('a'::text, id, 'b'::text) | a b",
        "(SELECT has_scope_on_all('a''x, (y'::text, 'b'::character varying)) | a'x, (y b",
        "has_scope('a'::text, (CASE WHEN has_scope_on_all('c'::text, 'd'::text) THEN 'x'::text ELSE id END), 'b'::text) | c d; a b",
        "(public.has_scope(('a'::character varying)::text, (ARRAY['x', 'y'])[1], ('b'::character varying)::text)) | a b",
        "my_has_scope('a'::text, id, 'b'::text) OR \"public.\".has_scope('a'::text, id, 'b'::text) | ",
        "has_scope(lower('a'::text), id, kind) | ? ?",
        "has_scope('a'::text, id | ",
        "id = ANY (scoped_ids('a'::text, 'b'::text)) AND note <> 'has_scope(''c'', id, ''d'')'::text | a b"
      })
  void questionsAreFoundWhereverTheyStand(String expression, String expected) {
    assertThat(
            DATABASE
                .sql()
                .texts(
                    "select concat_ws(' ', coalesce(q.entity_type, '?'), coalesce(q.action, '?')) from"
                        + " api_keys_private.scope_questions(?) as q",
                    expression))
        .isEqualTo(expected == null ? List.of() : List.of(expected.split("; ")));
  }
}
