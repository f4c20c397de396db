package dev.latchkey.bench;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages of the usage log as a screen reads them: by keyset, through the view. */
final class UsagePageBench {
  @RegisterExtension static final BenchRun RUN = new BenchRun();

  private static final int LINES = 5_200_000;
  private static final int DEPTH = 5_000_000;
  private static final int KEYS = 1_000;
  private static final int SECONDS = 2;

  private static final String PAGE =
      "select * from latchkey.usage where %s order by timestamp desc, id desc limit 100";

  private static Target database;

  @BeforeAll
  static void makeLines() throws Exception {
    database = RUN.database("pages");
    Script.run(database, "keys.sql", Map.of("count", KEYS));
    Script.run(database, "lines.sql", Map.of("count", LINES));
  }

  @Test
  void deepInTheLog() throws Exception {
    Rounds rounds =
        Rounds.of(
            side("first page", PAGE.formatted("true")),
            side("deep page", PAGE.formatted(after("true", DEPTH))));
    RUN.record(
        Measurement.of(
                "page of 100 at depth 5,000,000, to the first page",
                "one client's time for a page of latchkey.usage by (timestamp, id) among 5,200,000"
                    + " lines",
                rounds,
                "deep page",
                "first page")
            .atLeast(0.5));
  }

  @Test
  void deepInTheLinesOfOneKey() throws Exception {
    String one = "api_key_id = '00000000-0000-0000-0000-000000000001'";
    Rounds rounds =
        Rounds.of(
            side("first page", PAGE.formatted(one)),
            side("deep page", PAGE.formatted(one + " and " + after(one, DEPTH / KEYS))));
    RUN.record(
        Measurement.of(
                "the same for one key, at its depth 5,000",
                "as above, of one key of 1,000",
                rounds,
                "deep page",
                "first page")
            .atLeast(0.5));
  }

  /** The condition of the page after that many lines. */
  private static String after(String condition, int depth) {
    return database
        .sql()
        .text(
            ("select format('(timestamp, id) < (%%L, %%L)', timestamp, id) from latchkey.usage where"
                    + " %s order by timestamp desc, id desc offset %d limit 1")
                .formatted(condition, depth));
  }

  private static Side side(String name, String statement) {
    return new Side(
        name, () -> 1 / RUN.client().run(database, Load.of(statement), 1, SECONDS).seconds());
  }
}
