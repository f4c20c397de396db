package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random scopes, well and badly formed, and random questions: has_scope, the set-based functions
 * and policies of both kinds answer alike, and as the five shapes say. The seed is printed; {@code
 * -Dlatchkey.seed=N} repeats a run.
 */
final class ScopesPropertyTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int ROUNDS = 150;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> TYPES =
      List.of(
          "*", "document", "Document", "it's", "\"quoted\"", " document ", "", "übergröße", "%");
  private static final List<String> IDS =
      List.of(
          "*", "1", "1 ", "01", "'; drop", "\"", "\\", "{1,*}", "NULL", "null", "", "😀", "a,b",
          "%");
  private static final List<String> ACTIONS = List.of("*", "read", "READ", "", "re\"ad", "читать");

  private final Sql sql = DATABASE.sql();
  private UUID account;
  private MadeKey key;

  @BeforeEach
  void makeNotesUnderBothKindsOfPolicy() {
    KeyFixture fixture = new KeyFixture(sql);
    account = fixture.account("Acme");
    key = fixture.key(account);
    sql.execute(
        """
        create table public.notes_by_row (id text, account_id uuid);
        create table public.notes_by_set (id text, account_id uuid);
        alter table public.notes_by_row enable row level security;
        alter table public.notes_by_set enable row level security;
        grant select on public.notes_by_row, public.notes_by_set to api_key;
        create policy read on public.notes_by_row for select to api_key
          using (account_id = public.get_api_key_account_id() and public.has_scope('document', id, 'read'));
        create policy read on public.notes_by_set for select to api_key
          using (account_id = (select public.get_api_key_account_id())
            and ((select public.has_scope_on_all('document', 'read')) or id = any ((select public.scoped_ids('document', 'read'))::text[])));
        """);
    for (String table : List.of("notes_by_row", "notes_by_set")) {
      sql.execute(
          "insert into public."
              + table
              + " select id, ? from unnest(?::text[] || null::text) as id",
          account,
          IDS.toArray(String[]::new));
      sql.execute("insert into public." + table + " values ('1', gen_random_uuid())");
    }
  }

  @Test
  void functionsAndPoliciesAnswerAlikeAndAsTheShapesSay() {
    long seed = Long.getLong("latchkey.seed", System.nanoTime());
    System.out.printf("Scopes and questions from seed %d%n", seed);
    Random random = new Random(seed);
    int allowed = 0;
    try (ApiRequest request = ApiRequest.key(DATABASE, key.id())) {
      for (int round = 0; round < ROUNDS; round++) {
        JsonNode scopes = scopes(random);
        sql.execute(
            "update api_keys_private.api_keys set scopes = ?::jsonb where id = ?",
            scopes.toString(),
            key.id());
        String described = "seed %d: %s".formatted(seed, scopes);
        allowed += compareAnswers(request.sql(), scopes, random, described);
        comparePolicies(request.sql(), scopes, described);
      }
    }
    assertThat(allowed).as("questions answered with yes; none would prove nothing").isPositive();
  }

  private int compareAnswers(Sql request, JsonNode scopes, Random random, String described) {
    List<Map<String, Object>> answers =
        request.rows(
            """
            select t, i, a, public.has_scope(t, i, a) as by_row,
              i is not null and (public.has_scope_on_all(t, a) or i = any (public.scoped_ids(t, a))) as by_set
            from unnest(?::text[]) as t, unnest(?::text[]) as i, unnest(?::text[]) as a
            """,
            some(TYPES, random),
            some(IDS, random),
            some(ACTIONS, random));
    int allowed = 0;
    for (Map<String, Object> answer : answers) {
      boolean expected = allows(scopes, text(answer, "t"), text(answer, "i"), text(answer, "a"));
      assertThat(answer.get("by_row"))
          .as("has_scope %s, %s", answer, described)
          .isEqualTo(expected);
      assertThat(answer.get("by_set")).as("sets %s, %s", answer, described).isEqualTo(expected);
      allowed += expected ? 1 : 0;
    }
    return allowed;
  }

  private void comparePolicies(Sql request, JsonNode scopes, String described) {
    List<String> expected =
        IDS.stream().filter(id -> allows(scopes, "document", id, "read")).toList();
    for (String table : List.of("notes_by_row", "notes_by_set")) {
      assertThat(request.texts("select id from public." + table + " where id is not null"))
          .as("%s, %s", table, described)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    // Where the kinds differ: a row without an id is one of all, but no row that one can ask about.
    assertThat(request.texts("select 1 from public.notes_by_row where id is null")).isEmpty();
    assertThat(request.texts("select 1 from public.notes_by_set where id is null"))
        .hasSize(expected.containsAll(IDS) ? 1 : 0);
  }

  /** The five shapes, said once more. */
  private static boolean allows(JsonNode scopes, String type, String id, String action) {
    if (!scopes.isArray() || type == null || id == null || action == null) {
      return false;
    }
    return StreamSupport.stream(scopes.spliterator(), false)
        .filter(JsonNode::isObject)
        .anyMatch(
            scope ->
                scope.equals(scope("*", "*", "*"))
                    || !type.equals("*")
                        && (scope.equals(scope(type, "*", "*"))
                            || scope.equals(scope(type, "*", action))
                            || scope.equals(scope(type, id, "*"))
                            || scope.equals(scope(type, id, action))));
  }

  private static ObjectNode scope(String type, String id, String action) {
    return JSON.objectNode().put("entity_type", type).put("entity_id", id).put("action", action);
  }

  private static JsonNode scopes(Random random) {
    ArrayNode scopes = JSON.arrayNode();
    int count = random.nextInt(6);
    for (int number = 0; number < count; number++) {
      scopes.add(random.nextInt(12) == 0 ? oddValue(random) : oneScope(random));
    }
    return random.nextInt(20) == 0 ? oddValue(random) : scopes;
  }

  private static JsonNode oneScope(Random random) {
    // Half of them about what the policies ask, or they would seldom be met.
    ObjectNode scope =
        random.nextBoolean()
            ? scope("document", one(IDS, random), random.nextBoolean() ? "read" : "*")
            : scope(one(TYPES, random), one(IDS, random), one(ACTIONS, random));
    List<String> fields = List.of("entity_type", "entity_id", "action");
    switch (random.nextInt(12)) {
      case 0 -> scope.put("effect", "deny");
      case 1 -> scope.remove(one(fields, random));
      case 2 -> scope.set(one(fields, random), oddValue(random));
      default -> {}
    }
    return scope;
  }

  private static JsonNode oddValue(Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.numberNode(1);
      case 2 -> JSON.booleanNode(true);
      case 3 -> JSON.arrayNode().add("1");
      case 4 -> JSON.arrayNode().add(scope("*", "*", "*"));
      case 5 -> scope("*", "*", "*");
      default -> JSON.textNode("*");
    };
  }

  private static String one(List<String> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  /** A few, and sometimes a null. */
  private static String[] some(List<String> values, Random random) {
    List<String> chosen =
        new ArrayList<>(Arrays.asList("*", one(values, random), one(values, random)));
    chosen.add(random.nextInt(4) == 0 ? null : one(values, random));
    return chosen.toArray(String[]::new);
  }

  private static String text(Map<String, Object> row, String column) {
    return (String) row.get(column);
  }
}
