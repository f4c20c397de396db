package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counting by the hour, and lines that come in batches or late. */
final class UsageRollUpTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String BATCH = "select public.log_api_key_usage_batch(?::jsonb)";

  /** The same counts from the lines themselves. */
  private static final String FROM_LINES =
      """
      select concat_ws(' ', date_trunc('hour', timestamp, 'UTC'), outcome, count(*)) from latchkey.usage
      where api_key_id = ? group by date_trunc('hour', timestamp, 'UTC'), outcome order by 1
      """;

  private static final String FROM_VIEW =
      "select concat_ws(' ', hour, outcome, calls) from latchkey.usage_hourly where api_key_id = ? order by 1";

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private UUID key;

  @BeforeEach
  void makeKey() {
    key = fixture.key(fixture.account("Acme")).id();
  }

  @Test
  void countsAreExactBeforeAndAfterRollingUpAndForLateLines() {
    line(sql, "2 hours", 200);
    line(sql, "2 hours", 404);
    line(sql, "0", 500);
    assertExact(3);

    rollUp();
    assertExact(3);
    line(sql, "2 hours", 200);
    line(sql, "20 days", 403);
    assertExact(5);

    rollUp();
    rollUp();
    assertExact(5);
    assertThat(
            sql.row(
                "select sum(calls)::bigint as calls, sum(ok)::bigint as ok, sum(denied)::bigint as denied from latchkey.usage_daily where api_key_id = ?",
                key))
        .containsEntry("calls", 5L)
        .containsEntry("ok", 2L)
        .containsEntry("denied", 1L);
  }

  @Test
  void aLineOfATransactionThatRunsWhileRollingUpIsCountedOnce() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      line(Sql.on(connection), "3 hours", 200);
      line(sql, "3 hours", 200);
      rollUp();
      assertExact(1);
      connection.commit();
    }
    assertExact(2);
    rollUp();
    assertExact(2);
    assertThat(rolledUp()).isEqualTo(2);
  }

  @Test
  void whatWasRolledBackIsNotCounted() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      line(Sql.on(connection), "0", 200);
      connection.rollback();
    }
    rollUp();
    assertThat(rolledUp()).isZero();
  }

  @Test
  void loggingNeverWaitsForARollUp() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql.on(connection).number("select api_keys_private.roll_up_usage()");
      try (Connection writer = DATABASE.connect()) {
        Sql.on(writer).execute("set lock_timeout = '1ms'");
        line(Sql.on(writer), "0", 200);
      }
      connection.commit();
    }
    rollUp();
    assertThat(rolledUp()).isEqualTo(1);
  }

  @Test
  void maintenanceRollsUp() {
    line(sql, "0", 200);
    sql.text("select latchkey.maintain_usage_log()");
    assertThat(rolledUp()).isEqualTo(1);
  }

  @Test
  void countsOutliveTheLines() {
    line(sql, "0", 200);
    rollUp();
    sql.execute("delete from api_keys_private.api_key_logs where api_key_id = ?", key);
    assertThat(sql.number("select calls from latchkey.usage_daily where api_key_id = ?", key))
        .isEqualTo(1);
  }

  @Test
  void afterARestoreWhereTransactionsCountAnewEveryLineIsCountedOnce() {
    line(sql, "2 hours", 200);
    line(sql, "2 hours", 200);
    rollUp();
    // As a dump from a server with a longer history would leave it.
    sql.execute("update api_keys_private.usage_roll_up set rolled_until = 9000000000, log = 1");
    sql.execute(
        "update api_keys_private.api_key_logs set txid = 8999999999 where api_key_id = ?", key);
    line(sql, "2 hours", 200);

    rollUp();
    assertExact(3);
    line(sql, "0", 200);
    rollUp();
    assertExact(4);
    assertThat(rolledUp()).isEqualTo(4);
  }

  @Test
  void aBatchIsLoggedAsSingleCallsAreAndAnswersHowMany() {
    String answer =
        sql.text(
            BATCH,
            """
            [{"api_key_id": "%1$s", "endpoint": "/a", "method": "GET", "status_code": 200, "ip_address": "192.0.2.7", "user_agent": "curl"},
             {"api_key_id": "%1$s", "endpoint": "/b", "method": "POST", "status_code": 403, "ip_address": "unknown"},
             {"api_key_id": "%1$s", "endpoint": "/c", "method": "AUTH"}]
            """
                .formatted(key));
    assertThat(answer).contains("\"success\": true").contains("\"count\": 3");
    assertThat(
            sql.texts(
                "select concat_ws(' ', endpoint, method, status_code, ip_address, ip_text, user_agent, outcome) from latchkey.usage where api_key_id = ? order by endpoint",
                key))
        .containsExactly(
            "/a GET 200 192.0.2.7 curl ok", "/b POST 403 unknown denied", "/c AUTH ok");
    assertThat(sql.text("select last_used_from from latchkey.keys where id = ?", key)).isNotNull();
    assertThat(
            sql.truth(
                "select last_used_at > now() - interval '1 minute' from latchkey.keys where id = ?",
                key))
        .isTrue();
  }

  @Test
  void aLateLineBearsItsTimeAndDoesNotMoveTheLastUseBack() {
    line(sql, "0", 200);
    sql.row("select public.log_api_key_usage(?, '/x', 'GET', 200)", key);
    String used = sql.text("select last_used_at::text from latchkey.keys where id = ?", key);
    sql.text(
        "select public.log_api_key_usage_batch(jsonb_build_array(jsonb_build_object('api_key_id', ?::text, 'endpoint', '/late', 'method', 'GET', 'timestamp', now() - interval '5 days')))",
        key.toString());
    assertThat(
            sql.truth(
                "select timestamp < now() - interval '4 days' from latchkey.usage where api_key_id = ? and endpoint = '/late'",
                key))
        .isTrue();
    assertThat(sql.text("select last_used_at::text from latchkey.keys where id = ?", key))
        .isEqualTo(used);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | must be an array",
        "[1] | entry 1: must be an object",
        "[{KEY, \"more\": 1}] | entry 1: must have no other field",
        "[{\"endpoint\": \"/\", \"method\": \"GET\"}] | entry 1: api_key_id",
        "[{\"api_key_id\": \"x\"}] | entry 1: api_key_id",
        "[{KEY}, {ID, \"method\": \"GET\"}] | entry 2: endpoint",
        "[{KEY}, {ID, \"endpoint\": \" \", \"method\": \"GET\"}] | entry 2: endpoint",
        "[{ID, \"endpoint\": \"/\", \"method\": \"G T\"}] | entry 1: method",
        "[{KEY, \"status_code\": 600}] | entry 1: status_code",
        "[{KEY, \"status_code\": true}] | entry 1: status_code",
        "[{KEY, \"ip_address\": 1}] | entry 1: ip_address",
        "[{KEY, \"user_agent\": {}}] | entry 1: user_agent",
        "[{KEY, \"timestamp\": \"2020-01-01\"}] | entry 1: timestamp",
        "[{KEY, \"timestamp\": \"2999-01-01\"}] | entry 1: timestamp",
        "[{KEY, \"timestamp\": \"2026-99-01\"}] | entry 1: timestamp",
        "[{KEY, \"timestamp\": \"infinity\"}] | entry 1: timestamp"
      })
  void oneBadLineKeepsTheWholeBatchOut(String entries, String message) {
    String batch =
        entries
            .replace("KEY", "ID, \"endpoint\": \"/\", \"method\": \"GET\"")
            .replace("ID", "\"api_key_id\": \"%s\"".formatted(key));
    fixture.assertRefused("22023", message, () -> sql.text(BATCH, batch));
  }

  @Test
  void anUnknownKeyKeepsTheWholeBatchOut() {
    String line = "{\"api_key_id\": \"%s\", \"endpoint\": \"/\", \"method\": \"GET\"}";
    fixture.assertRefused(
        "PT404",
        "entry 2: API key not found",
        () ->
            sql.text(
                BATCH, "[" + line.formatted(key) + "," + line.formatted(UUID.randomUUID()) + "]"));
  }

  @Test
  void aThousandLinesAreABatchAndOneMoreIsNot() {
    String lines =
        "select jsonb_agg(jsonb_build_object('api_key_id', ?::text, 'endpoint', '/', 'method', 'GET'))::text from generate_series(1, ?)";
    String thousand = sql.text(lines, key.toString(), 1000);
    assertThat(sql.text(BATCH, thousand)).contains("\"count\": 1000");
    fixture.assertRefused(
        "22023", "at most 1,000", () -> sql.text(BATCH, sql.text(lines, key.toString(), 1001)));
    assertThat(sql.text(BATCH, "[]")).contains("\"count\": 0");
  }

  private void assertExact(long lines) {
    List<String> expected = sql.texts(FROM_LINES, key);
    assertThat(sql.texts(FROM_VIEW, key)).isEqualTo(expected);
    assertThat(sql.number("select count(*) from latchkey.usage where api_key_id = ?", key))
        .isEqualTo(lines);
  }

  private void line(Sql session, String ago, int status) {
    session.execute(
        """
        insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, status_code, timestamp, outcome)
        values (?, '/x', 'GET', ?, now() - ?::interval, api_keys_private.outcome_of(?))
        """,
        key,
        status,
        ago,
        status);
  }

  private void rollUp() {
    sql.number("select api_keys_private.roll_up_usage()");
  }

  private long rolledUp() {
    return sql.number(
        "select coalesce(sum(calls), 0)::bigint from api_keys_private.usage_hours where api_key_id = ?",
        key);
  }
}
