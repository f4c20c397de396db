package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** log_api_key_usage, the partitions it writes into, and the views that read them. */
@DependsOnMajor("partitions")
final class UsageLogTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String LOG = "select public.log_api_key_usage(?, ?, ?, ?, ?, ?)";

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private MadeKey key;

  @BeforeEach
  void makeKey() {
    sql.execute("delete from api_keys_private.api_key_logs_default");
    key = fixture.key(fixture.account("Acme"));
  }

  @Test
  void serverCodeLogsALineAndGetsItsIdAndTime() {
    try (ApiRequest request = ApiRequest.service(DATABASE)) {
      var answer =
          request
              .sql()
              .row(
                  """
                  select a ->> 'success' as success, (a ->> 'log_id')::uuid as id, (a ->> 'timestamp')::timestamptz as timestamp,
                    (select count(*) from jsonb_object_keys(a)) as fields
                  from public.log_api_key_usage(?, '/v1/invoices', 'GET', 200, '203.0.113.7', 'curl/8') as a
                  """,
                  key.id());

      assertThat(answer).containsEntry("success", "true").containsEntry("fields", 3L);
      assertThat(
              sql.row(
                  "select *, ip_address::text as address from latchkey.usage where id = ?",
                  answer.get("id")))
          .containsEntry("api_key_id", key.id())
          .containsEntry("timestamp", answer.get("timestamp"))
          .containsEntry("endpoint", "/v1/invoices")
          .containsEntry("method", "GET")
          .containsEntry("status_code", 200)
          .containsEntry("address", "203.0.113.7/32")
          .containsEntry("user_agent", "curl/8")
          .containsEntry("outcome", "ok");
    }
  }

  @Test
  void aSignInOfThePublishedClientFits() {
    log("authentication", "AUTH", null, "unknown", null);
    assertThat(line())
        .containsEntry("endpoint", "authentication")
        .containsEntry("method", "AUTH")
        .containsEntry("ip_text", "unknown")
        .containsEntry("ip_address", null)
        .containsEntry("outcome", "ok");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "' 192.0.2.1 ', 192.0.2.1",
    "255.255.255.255, 255.255.255.255",
    "2001:DB8::1, 2001:db8::1",
    "::ffff:192.0.2.1, ::ffff:192.0.2.1"
  })
  void anAddressIsStoredAsOne(String text, String address) {
    log("/x", "GET", 200, text, null);
    assertThat(
            sql.text("select host(ip_address) from latchkey.usage where api_key_id = ?", key.id()))
        .isEqualTo(address);
    assertThat(line()).containsEntry("ip_text", null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "256.1.1.1",
        "1.2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "192.0.2.1, 198.51.100.2",
        "fe80::1%eth0",
        ":::",
        "1.2.3:4",
        "12345::1",
        "::1/64 and more",
        "localhost"
      })
  void textThatIsNoAddressSurvives(String text) {
    log("/x", "GET", 200, text, null);
    assertThat(line()).containsEntry("ip_address", null).containsEntry("ip_text", text);
  }

  @ParameterizedTest
  @CsvSource({
    ", ok",
    "200, ok",
    "302, ok",
    "400, client_error",
    "404, client_error",
    "429, client_error",
    "401, denied",
    "403, denied",
    "500, server_error",
    "599, server_error"
  })
  void theOutcomeFollowsFromTheStatus(Integer status, String outcome) {
    log("/x", "GET", status, null, null);
    assertThat(line()).containsEntry("outcome", outcome);
  }

  @Test
  void overlongTextOfTheClientIsCutAndTheRequestIsStillLogged() {
    log("/" + "e".repeat(5_000), "GET", 200, "i".repeat(5_000), "u".repeat(5_000));
    assertThat(
            sql.row(
                "select length(endpoint) as e, length(ip_text) as i, length(user_agent) as u from"
                    + " latchkey.usage where api_key_id = ?",
                key.id()))
        .containsEntry("e", 2_000)
        .containsEntry("i", 200)
        .containsEntry("u", 1_000);
  }

  @ParameterizedTest
  @CsvSource({
    ", GET, 200, p_endpoint: must not be blank",
    "' ', GET, 200, p_endpoint: must not be blank",
    "/x, , 200, p_method: must be a word",
    "/x, '', 200, p_method: must be a word",
    "/x, 'GET /', 200, p_method: must be a word",
    "/x, GETTTTTTTTTTTTTTTTTTT, 200, p_method: must be a word",
    "/x, GET, 99, p_status_code: must be from 100 to 599",
    "/x, GET, 600, p_status_code: must be from 100 to 599",
    "/x, GET, -1, p_status_code: must be from 100 to 599"
  })
  void badInputIsRefusedAndNothingIsWritten(
      String endpoint, String method, Integer status, String message) {
    fixture.assertRefused(
        "22023", message, () -> log(endpoint, method, status, "192.0.2.1", "curl"));
    assertThat(sql.text("select last_used_at from latchkey.keys where id = ?", key.id())).isNull();
  }

  @Test
  void onlyKnownKeysAreLogged() {
    fixture.assertRefused(
        "22023",
        "p_api_key_id: must be given",
        () -> sql.text(LOG, null, "/x", "GET", 200, null, null));
    fixture.assertRefused(
        "PT404",
        "API key not found",
        () -> sql.text(LOG, UUID.randomUUID(), "/x", "GET", 200, null, null));
  }

  @Test
  void loggingIsAUse() {
    log("/x", "GET", 200, "192.0.2.9", null);
    assertThat(
            sql.row(
                "select never_used, host(last_used_from) as host from latchkey.keys where id = ?",
                key.id()))
        .containsEntry("never_used", false)
        .containsEntry("host", "192.0.2.9");
  }

  @Test
  void aLineGoesToThePartitionOfItsMonthInUtc() {
    insertAt("date_trunc('month', now(), 'UTC')");
    insertAt("date_trunc('month', now(), 'UTC') - interval '1 microsecond'");

    assertThat(
            sql.texts(
                "select tableoid::regclass from api_keys_private.api_key_logs where api_key_id = ?"
                    + " order by timestamp",
                key.id()))
        .containsExactly(
            partition("date_trunc('month', now(), 'UTC') - interval '1 day'"), partition("now()"));
  }

  @Test
  void maintenanceMakesComingMonthsAndReportsStrays() {
    insertAt("now() + interval '20 years'");
    String coming = partition("now() + interval '3 months'");
    sql.execute("drop table " + coming);

    var report =
        sql.row(
            "select r ->> 'created' as created, (r ->> 'strays')::int as strays from"
                + " latchkey.maintain_usage_log() as r");

    assertThat(report)
        .containsEntry("created", "[\"" + coming.substring("api_keys_private.".length()) + "\"]")
        .containsEntry("strays", 1);
    long events = fixture.events();
    assertThat(sql.text("select after ->> 'created' from latchkey.events order by id desc limit 1"))
        .isEqualTo(report.get("created"));
    assertThat(sql.text("select latchkey.maintain_usage_log() ->> 'created'")).isEqualTo("[]");
    assertThat(fixture.events()).as("events of a run that did nothing").isEqualTo(events);
  }

  @Test
  void straysMoveIntoTheirPartitionWhenItIsMade() {
    insertAt("'2033-05-31 23:59:59.999999+00'");
    insertAt("'2033-06-01 00:00:00+00'");

    sql.text("select api_keys_private.create_usage_partition('2033-05-10')");

    assertThat(sql.number("select count(*) from api_keys_private.api_key_logs_y2033m05"))
        .isEqualTo(1);
    assertThat(sql.number("select count(*) from api_keys_private.api_key_logs_default"))
        .isEqualTo(1);
  }

  @Test
  void oldMonthsAreKeptUntilTheyAreSealed() {
    sql.text("select api_keys_private.create_usage_partition('2020-01-10')");
    insertAt("'2020-01-15 00:00:00+00'");

    assertThat(sql.text("select latchkey.maintain_usage_log('5 years') -> 'kept_unsealed' ->> 0"))
        .isEqualTo("api_key_logs_y2020m01");
    assertThat(sql.number("select count(*) from api_keys_private.api_key_logs_y2020m01"))
        .isEqualTo(1);

    String unsealed =
        sql.text("select pg_get_functiondef('audit.sealed_until(text)'::regprocedure)");
    try {
      sql.execute(
          "create or replace function audit.sealed_until(p_log text) returns timestamptz language"
              + " sql stable strict return '2020-02-01 00:00:00+00'::timestamptz");
      assertThat(sql.text("select latchkey.maintain_usage_log('5 years') -> 'dropped' ->> 0"))
          .isEqualTo("api_key_logs_y2020m01");
    } finally {
      sql.execute(unsealed);
    }
    assertThat(sql.text("select to_regclass('api_keys_private.api_key_logs_y2020m01')")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 hour", "-1 day", "36501 days", "1000000 years"})
  void maintenanceKeepsForASensibleTime(String keep) {
    fixture.assertRefused(
        "22023",
        "p_keep: must be from 1 day to 36,500 days",
        () -> sql.text("select latchkey.maintain_usage_log(?::interval)", keep));
  }

  @Test
  void maintenanceAddsUpOldCounters() {
    sql.execute(
        """
        insert into api_keys_private.unknown_key_counts (minute, backend, attempts)
        values ('2026-01-01 00:00+00', 1, 3), ('2026-01-01 00:00+00', 2, 4), ('2026-01-01 00:01+00', 1, 5)
        """);
    sql.text("select latchkey.maintain_usage_log()");
    sql.execute(
        "insert into api_keys_private.unknown_key_counts values ('2026-01-01 00:00+00', 9, 1)");
    sql.text("select latchkey.maintain_usage_log()");

    assertThat(
            sql.texts(
                "select backend || ' ' || attempts from api_keys_private.unknown_key_counts where"
                    + " minute < '2026-01-02' order by minute"))
        .containsExactly("0 8", "0 5");
    assertThat(
            sql.texts(
                "select attempts from latchkey.unknown_keys where minute < '2026-01-02'"
                    + " order by minute"))
        .containsExactly("8", "5");
  }

  @Test
  void dailyFiguresAreByUtcDayInEverySessionsZone() throws Exception {
    sql.execute(
        """
        insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, timestamp, outcome)
        select ?, '/x', 'GET', '2026-11-01 23:59:59+00', outcome
        from unnest(array['ok', 'ok', 'client_error', 'denied', 'wrong_secret', 'expired', 'server_error']) as outcome
        """,
        key.id());

    try (Connection connection = DATABASE.connect()) {
      Sql session = Sql.on(connection);
      session.execute("set timezone = 'Pacific/Auckland'");
      assertThat(
              session.row(
                  "select *, day::text as text from latchkey.usage_daily where api_key_id = ?",
                  key.id()))
          .containsEntry("text", "2026-11-01")
          .containsEntry("calls", 7L)
          .containsEntry("ok", 2L)
          .containsEntry("client_errors", 1L)
          .containsEntry("denied", 3L)
          .containsEntry("server_errors", 1L);
    }
  }

  @Test
  void oneKeysLatestPageIsReadFromAnIndexInOrder() throws Exception {
    try (Connection connection = DATABASE.connect()) {
      Sql session = Sql.on(connection);
      // Tables as small as these would be scanned as a whole.
      session.execute("set enable_seqscan = off; set enable_bitmapscan = off");
      assertThat(
              session.texts(
                  """
                  explain select * from api_keys_private.api_key_logs
                  where api_key_id = '00000000-0000-0000-0000-000000000001'
                  order by timestamp desc, id desc limit 100
                  """))
          .anyMatch(line -> line.contains("Merge Append"))
          .anyMatch(line -> line.contains("Index Scan Backward using"))
          .noneMatch(line -> line.contains("->  Sort") || line.contains("Seq Scan"));
    }
  }

  private void log(String endpoint, String method, Integer status, String address, String agent) {
    sql.text(LOG, key.id(), endpoint, method, status, address, agent);
  }

  private Map<String, Object> line() {
    return sql.row("select * from latchkey.usage where api_key_id = ?", key.id());
  }

  private void insertAt(String time) {
    sql.execute(
        "insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, timestamp) values"
            + " (?, '/x', 'GET', "
            + time
            + ")",
        key.id());
  }

  private String partition(String time) {
    return sql.text(
        "select 'api_keys_private.api_key_logs_' || to_char(("
            + time
            + ") at time zone 'UTC', '\"y\"YYYY\"m\"MM')");
  }
}
