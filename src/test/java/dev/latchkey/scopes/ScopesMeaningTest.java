package dev.latchkey.scopes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The rules here are those of the server: it is asked the same questions. */
final class ScopesMeaningTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private static final List<String> TYPES = List.of("document", "invoice", "*");
  private static final List<String> IDS = List.of("1", "2", "*");
  private static final List<String> ACTIONS = List.of("read", "update", "*");

  private static UUID account;

  @BeforeAll
  static void account() {
    account =
        UUID.fromString(
            SERVER
                .sql()
                .text("insert into public.accounts (name, slug) values ('A', 'a') returning id"));
  }

  @Test
  void allowsExactlyWhatHasScopeAllows() throws Exception {
    Random random = new Random(2026);
    try (Connection connection = SERVER.connect()) {
      Sql sql = Sql.on(connection);
      for (int round = 0; round < 60; round++) {
        Scopes scopes = random(random);
        become(sql, key(scopes.toJson().toString()));
        for (Map<String, Object> answer : answers(sql)) {
          String type = (String) answer.get("type");
          String id = (String) answer.get("id");
          String action = (String) answer.get("action");
          assertThat(scopes.allow(type, id, action))
              .as("%s asked for %s %s %s", scopes.list(), type, id, action)
              .isEqualTo(answer.get("allowed"));
        }
      }
    }
  }

  @Test
  void acceptsExactlyWhatTheServerAccepts() {
    List<String> offered =
        List.of(
            "[]",
            "{}",
            "null",
            "\"a\"",
            "[1]",
            "[[]]",
            "[null]",
            "[{}]",
            "[{\"entity_type\":\"a\",\"entity_id\":\"b\"}]",
            "[{\"entity_type\":\"a\",\"entity_id\":\"b\",\"action\":\"c\"}]",
            "[{\"entity_type\":\"a\",\"entity_id\":null,\"action\":\"c\"}]",
            "[{\"entity_type\":null,\"entity_id\":\"b\",\"action\":\"c\"}]",
            "[{\"entity_type\":\"a\",\"entity_id\":\"b\",\"action\":\"c\",\"d\":\"e\"}]",
            "[{\"entity_type\":\" \",\"entity_id\":\"b\",\"action\":\"c\"}]",
            "[{\"entity_type\":\"\\u00a0\",\"entity_id\":\"b\",\"action\":\"c\"}]",
            "[{\"entity_type\":\"\\u3000\",\"entity_id\":\"b\",\"action\":\"c\"}]",
            "[{\"entity_type\":\" a\",\"entity_id\":\"b \",\"action\":\"c\"}]",
            "[{\"entity_type\":\"a\\nb\",\"entity_id\":\"b\",\"action\":\"c\"}]",
            "[{\"entity_type\":\"a\\u202eb\",\"entity_id\":\"b\",\"action\":\"c\"}]",
            "[{\"entity_type\":\"a\\u200bb\",\"entity_id\":\"b\",\"action\":\"c\"}]",
            "[{\"entity_type\":\"a\",\"entity_id\":7,\"action\":\"c\"}]",
            "[{\"entity_type\":\"%s\",\"entity_id\":\"b\",\"action\":\"c\"}]"
                .formatted("\uD83D\uDD11".repeat(200)),
            "[{\"entity_type\":\"%s\",\"entity_id\":\"b\",\"action\":\"c\"}]"
                .formatted("x".repeat(201)));
    for (String text : offered) {
      assertThat(ScopesText.read(text) instanceof ScopesReading.Valid)
          .as(text)
          .isEqualTo(accepted(text));
    }
  }

  @Test
  void everyShapeIsHonouredButEveryTypeWithLessThanEverything() {
    assertThat(new Scope("*", "*", "*").isHonoured()).isTrue();
    assertThat(new Scope("document", "*", "*").isHonoured()).isTrue();
    assertThat(new Scope("document", "*", "read").isHonoured()).isTrue();
    assertThat(new Scope("document", "1", "read").isHonoured()).isTrue();
    assertThat(new Scope("document", "1", "*").isHonoured()).isTrue();
    assertThat(new Scope("*", "*", "read").isHonoured()).isFalse();
    assertThat(new Scope("*", "1", "*").isHonoured()).isFalse();
    assertThat(new Scope("*", "1", "read").isHonoured()).isFalse();
  }

  @Test
  void labelsAreShort() {
    assertThat(Scope.onAll("document", "read").label()).isEqualTo("document:read");
    assertThat(new Scope("document", "7f3a91c4-0e2b", "update").label())
        .isEqualTo("document/7f3a…:update");
    assertThat(new Scope("document", "12", "update").label()).isEqualTo("document/12:update");
    assertThat(Scope.onAll("*", "*").label()).isEqualTo("*:*");
  }

  @Test
  void entriesThatTheServerIgnoresAreKeptApart() throws Exception {
    var json =
        new JsonMapper()
            .readTree(
                """
                [{"entity_type":"a","entity_id":"b","action":"c"},
                 {"entity_type":"a","entity_id":"b","action":"c","effect":"deny"}, 7]
                """);

    StoredScopes stored = StoredScopes.from(json);

    assertThat(stored.scopes().list()).containsExactly(new Scope("a", "b", "c"));
    assertThat(stored.malformed()).hasSize(2).last().isEqualTo("7");
  }

  /** To every question, 27 of them. */
  private static List<Map<String, Object>> answers(Sql sql) {
    List<Map<String, Object>> answers =
        sql.rows(
            """
            select type, id, action, public.has_scope(type, id, action) as allowed
            from unnest(?::text[]) as type, unnest(?::text[]) as id, unnest(?::text[]) as action
            """,
            TYPES.toArray(String[]::new),
            IDS.toArray(String[]::new),
            ACTIONS.toArray(String[]::new));
    assertThat(answers).hasSize(27);
    return answers;
  }

  private static boolean accepted(String scopes) {
    try {
      key(scopes);
      return true;
    } catch (Sql.SqlFailure refused) {
      assertThat(refused.sqlState()).isEqualTo("22023");
      return false;
    }
  }

  private static UUID key(String scopes) {
    return UUID.fromString(
        SERVER
            .sql()
            .text(
                "select public.create_api_key(?, 'k', ?::jsonb, null) ->> 'id'", account, scopes));
  }

  private static void become(Sql sql, UUID key) {
    sql.row(
        "select set_config('request.jwt.claims', ?, false)",
        "{\"sub\":\"%s\",\"role\":\"api_key\"}".formatted(key));
  }

  private static Scopes random(Random random) {
    List<Scope> scopes = new ArrayList<>();
    for (int count = random.nextInt(4); count > 0; count--) {
      scopes.add(
          new Scope(
              TYPES.get(random.nextInt(3)),
              IDS.get(random.nextInt(3)),
              ACTIONS.get(random.nextInt(3))));
    }
    return new Scopes(scopes);
  }
}
