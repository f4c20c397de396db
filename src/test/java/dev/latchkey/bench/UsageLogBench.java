package dev.latchkey.bench;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** log_api_key_usage: beside an insert, on one hot key, and in batches. */
final class UsageLogBench {
  @RegisterExtension static final BenchRun RUN = new BenchRun();

  private static final int KEYS = 1_000;
  private static final int CLIENTS = 8;
  private static final int SECONDS = 3;
  private static final int BATCH = 100;

  private static final String ARGUMENTS =
      "lpad(to_hex(:n::integer), 32, '0')::uuid, '/v1/documents/42', 'GET', 200, '203.0.113.7',"
          + " 'example-client/1.4.2'";
  private static final String LOG = "select public.log_api_key_usage(" + ARGUMENTS + ")";
  private static final String PUBLISHED = "select published.log_api_key_usage(" + ARGUMENTS + ")";
  private static final String INSERT =
      "insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, status_code,"
          + " ip_address, user_agent) values ("
          + ARGUMENTS
          + ")";

  private static Target database;

  @BeforeAll
  static void makeKeys() throws Exception {
    database = RUN.database("usage");
    Script.run(database, "keys.sql", Map.of("count", KEYS));
    Script.run(database, "published.sql", Map.of());
    Script.run(database, "usage.sql", Map.of());
  }

  @Test
  void besideABareInsert() throws Exception {
    Rounds rounds = Rounds.of(side("log", LOG, KEYS), side("insert", INSERT, KEYS));
    RUN.record(
        Measurement.of(
                "log_api_key_usage, 8 clients, to a bare insert",
                "lines per second of 1,000 keys, to those of an insert of the same columns into the"
                    + " same table",
                rounds,
                "log",
                "insert")
            .atLeast(0.7));
  }

  @Test
  void onOneHotKey() throws Exception {
    Rounds rounds = Rounds.of(side("one key", LOG, 1), side("1,000 keys", LOG, KEYS));
    RUN.record(
        Measurement.of(
                "log_api_key_usage, 8 clients, one key to 1,000",
                "lines per second, all of one key, to those of 1,000 keys",
                rounds,
                "one key",
                "1,000 keys")
            .atLeast(0.9));
  }

  @Test
  void onOneHotKeyAsPublished() throws Exception {
    Rounds rounds = Rounds.of(side("one key", PUBLISHED, 1), side("1,000 keys", PUBLISHED, KEYS));
    RUN.record(
        Measurement.of(
            "the same, published version",
            "the published function, which moves last_used_at by every use",
            rounds,
            "one key",
            "1,000 keys"));
  }

  @Test
  void inBatches() throws Exception {
    Load batch =
        Load.drawing(BATCH, "select public.log_api_key_usage_batch(:body)")
            .fetching("select body from bench.batches where n = :n");
    Rounds rounds =
        Rounds.of(
            new Side(
                "batch", () -> BATCH / RUN.client().run(database, batch, 1, SECONDS).seconds()),
            new Side(
                "single",
                () ->
                    1 / RUN.client().run(database, Load.drawing(KEYS, LOG), 1, SECONDS).seconds()));
    RUN.record(
        Measurement.of(
                "log_api_key_usage_batch of 100 to single calls, per line",
                "one client over a unix socket: lines per second in calls of 100 lines, to those in"
                    + " 100 calls, each a statement and a transaction of its own",
                rounds,
                "batch",
                "single")
            .atLeast(20));
  }

  private static Side side(String name, String statement, int keys) {
    Load load = Load.drawing(keys, statement);
    return new Side(name, () -> RUN.client().run(database, load, CLIENTS, SECONDS).perSecond());
  }
}
