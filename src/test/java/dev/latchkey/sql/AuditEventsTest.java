package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.ksuid.Ksuid;
import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No change without its event, no event without its change, and no way to alter one. */
final class AuditEventsTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private UUID account;
  private MadeKey key;

  @BeforeEach
  void makeKey() {
    account = fixture.account("Acme");
    key = fixture.key(account);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "latchkey.update_api_key(?, 1, '{\"name\": \"New\"}') | key.updated | update | name",
        "latchkey.update_api_key(?, 1, '{\"scopes\": []}') | key.scopes_changed | update | scopes",
        "latchkey.disable_api_key(?) | key.disabled | disable | disabled_at",
        "latchkey.revoke_key(?, 'Leaked') | key.revoked | revoke | revoked_at",
        "public.revoke_api_key(?) | key.revoked | revoke | revoked_at"
      })
  void eachChangeWritesOneEventWithTheKeyBeforeAndAfter(
      String call, String type, String action, String changed) {
    long before = fixture.events();

    sql.rows("select " + call, key.id());

    assertThat(fixture.events() - before).isEqualTo(1);
    Map<String, Object> event = latest();
    assertThat(event)
        .containsEntry("type", type)
        .containsEntry("action", action)
        .containsEntry("object_type", "key")
        .containsEntry("object_id", key.id().toString())
        .containsEntry("outcome", "ok")
        .containsEntry("actor_id", "postgres");
    assertThat(
            sql.texts(
                """
                select b.key from latchkey.events as e, jsonb_each(e.before) as b
                where e.id = ? and e.after -> b.key <> b.value order by 1
                """,
                event.get("id")))
        .contains(changed, "version");
  }

  @Test
  void aNewKeyHasNothingBefore() {
    assertThat(latest())
        .containsEntry("type", "key.created")
        .containsEntry("object_label", "Build server")
        .containsEntry("before", null)
        .hasEntrySatisfying("after", after -> assertThat(after).isNotNull());
  }

  @Test
  void enablingIsAnEventToo() {
    sql.rows("select latchkey.disable_api_key(?)", key.id());
    sql.rows("select latchkey.enable_api_key(?)", key.id());
    assertThat(latest()).containsEntry("type", "key.enabled");
  }

  @Test
  void theReasonOfARevocationIsInItsEvent() {
    sql.rows("select latchkey.revoke_key(?, 'Found in a public log')", key.id());
    assertThat(latest()).containsEntry("reason", "Found in a public log");
  }

  @Test
  void aChangeThatIsRolledBackLeavesNoEvent() throws SQLException {
    String before = fixture.contents();
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql.on(connection).rows("select latchkey.revoke_key(?, 'x')", key.id());
      connection.rollback();
    }
    assertThat(fixture.contents()).isEqualTo(before);
  }

  @Test
  void theEventNamesTheTransactionOfItsChange() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.rows("select latchkey.revoke_key(?, 'x')", key.id());
      String transaction = session.text("select pg_current_xact_id()::text");
      connection.commit();
      assertThat(sql.text("select txid::text from latchkey.events order by id desc limit 1"))
          .isEqualTo(transaction);
    }
  }

  @Test
  void noEventHoldsASecretAHashOrASalt() {
    sql.rows("select latchkey.update_api_key(?, 1, '{\"name\": \"x\", \"scopes\": []}')", key.id());
    sql.rows("select latchkey.revoke_key(?, 'x')", key.id());
    fixture.projectKey("secret");
    Map<String, Object> stored =
        sql.row(
            "select key_hash, encode(salt, 'hex') as salt from api_keys_private.api_keys where id ="
                + " ?",
            key.id());

    for (String event :
        sql.texts(
            "select concat_ws(' ', e::text, convert_from(entry, 'UTF8')) from audit.events as e")) {
      assertThat(event)
          .doesNotContain(key.key().substring(30, 62))
          .doesNotContain((String) stored.get("key_hash"))
          .doesNotContain((String) stored.get("salt"))
          .doesNotContain("key_hash")
          .doesNotContain("salt");
    }
  }

  @Test
  void theEntryIsCompactJsonInFixedOrderWithUtcTimes() throws Exception {
    sql.rows(
        "select latchkey.update_api_key(?, 1, ?::jsonb)",
        key.id(),
        "{\"name\": \"Üb\\\"er % {}\", \"description\": \"a\\nb\", \"expires_at\":"
            + " \"2999-01-02T03:04:05+02:00\"}");
    ObjectMapper json = new ObjectMapper();

    String entry =
        sql.text("select convert_from(entry, 'UTF8') from audit.events order by id desc limit 1");

    JsonNode parsed = json.readTree(entry);
    assertThat(json.writeValueAsString(parsed)).isEqualTo(entry);
    assertThat(parsed.properties().stream().map(Map.Entry::getKey))
        .containsExactly(
            "v",
            "id",
            "type",
            "occurred_at",
            "actor",
            "on_behalf_of",
            "source",
            "object",
            "action",
            "outcome",
            "code",
            "reason",
            "ticket",
            "before",
            "after",
            "txid");
    assertThat(parsed.at("/occurred_at").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    assertThat(parsed.at("/after/name").asText()).isEqualTo("Üb\"er % {}");
    assertThat(parsed.at("/after/expires_at").asText()).isEqualTo("2999-01-02T01:04:05.000000Z");
    assertThat(parsed.at("/before/name").asText()).isEqualTo("Build server");
    assertThat(parsed.at("/after").properties().stream().map(Map.Entry::getKey)).isSorted();
    assertThat(parsed.at("/code").isNull()).isTrue();
    assertThat(parsed.at("/id").asText()).isEqualTo(latest().get("id"));
  }

  @Test
  void theEntryIsTheSameWhateverTheSessionsSettings() throws Exception {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.execute(
          "set timezone = 'Asia/Kathmandu'; set intervalstyle = 'iso_8601'; set bytea_output = 'escape'");
      session.rows(
          "select latchkey.update_api_key(?, 1, '{\"expires_at\": \"2999-01-02T00:00:00Z\"}')",
          key.id());
      assertThat(
              session.text(
                  "select convert_from(entry, 'UTF8')::jsonb #>> '{after,expires_at}' from"
                      + " audit.events order by id desc limit 1"))
          .isEqualTo("2999-01-02T00:00:00.000000Z");
      connection.rollback();
    }
  }

  @Test
  void anOverlongStateStandsInTheEntryByItsHash() throws Exception {
    String scopes =
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    "{\"entity_type\": \"%s\", \"entity_id\": \"%s\", \"action\": \"%s\"}"
                        .formatted("t".repeat(200), "é".repeat(190) + i, "a".repeat(200)))
            .toList()
            .toString();
    sql.rows(
        "select latchkey.update_api_key(?, 1, jsonb_build_object('scopes', ?::jsonb))",
        key.id(),
        scopes);

    Map<String, Object> event =
        sql.row(
            "select entry, audit.compact_json(after) as after from audit.events order by id desc"
                + " limit 1");
    byte[] entry = (byte[]) event.get("entry");
    byte[] after = ((String) event.get("after")).getBytes(StandardCharsets.UTF_8);
    JsonNode standIn = new ObjectMapper().readTree(entry).get("after");

    assertThat(entry).hasSizeLessThan(65_536);
    assertThat(standIn.get("omitted_bytes").asInt()).isEqualTo(after.length).isGreaterThan(65_536);
    assertThat(standIn.get("sha256").asText())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(after)));
  }

  @Test
  void idsAreKsuidsThatSortByTime() {
    List<String> ids = sql.texts("select id from audit.events order by occurred_at, id");
    assertThat(ids).isSorted().allSatisfy(id -> assertThat(Ksuid.fromString(id)).isNotNull());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update audit.events set reason = 'x'",
        "update audit.events set reason = 'x' where false",
        "delete from audit.events",
        "truncate audit.events"
      })
  void nobodyAltersAnEventNotEvenASuperuser(String statement) throws SQLException {
    fixture.assertRefused("42501", "audit.events is append-only", () -> sql.execute(statement));
    try (Connection connection = DATABASE.connect()) {
      Sql session = Sql.on(connection);
      session.execute("set session_replication_role = replica");
      fixture.assertRefused(
          "42501", "audit.events is append-only", () -> session.execute(statement));
    }
  }

  private Map<String, Object> latest() {
    return sql.row("select * from latchkey.events order by id desc limit 1");
  }
}
