package dev.latchkey.bench;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What policies that ask for scopes cost. */
final class ScopesBench {
  @RegisterExtension static final BenchRun RUN = new BenchRun();

  private static final int SECONDS = 2;

  private static Target request;

  @BeforeAll
  static void makeDocuments() throws Exception {
    Target database = RUN.database("scopes");
    Script.run(database, "keys.sql", Map.of("count", 1_000));
    Script.run(database, "published.sql", Map.of());
    Script.run(database, "documents.sql", Map.of());
    request = Target.of(RUN.address(), "scopes", "bench_client");
  }

  @Test
  void ofASetBasedPolicy() throws Exception {
    String rows = "select id, account_id, title, created_at from bench.";
    Rounds rounds =
        Rounds.of(side("policy", rows + "documents"), side("no policy", rows + "plain"));
    RUN.record(
        Measurement.of(
                "select of 100,000 rows by the set-based policy, to none",
                "one client that reads all rows",
                rounds,
                "policy",
                "no policy")
            .atLeast(0.8));
  }

  @Test
  void ofASetBasedPolicyWithoutReadingTheRows() throws Exception {
    String count = "select count(*) from bench.";
    Rounds rounds =
        Rounds.of(side("policy", count + "documents"), side("no policy", count + "plain"));
    RUN.record(
        Measurement.of(
            "the same, only counted",
            "count(*), the dearest case for a policy",
            rounds,
            "policy",
            "no policy"));
  }

  @Test
  void rowByRow() throws Exception {
    String count =
        "select count(*) from bench.few where %s.has_scope('document', id::text, 'read')";
    Rounds rounds =
        Rounds.of(
            side("has_scope", count.formatted("public")),
            side("published", count.formatted("published")));
    RUN.record(
        Measurement.of(
                "has_scope for each row, to the published one",
                "5,000 rows counted, a key with one scope that covers all",
                rounds,
                "has_scope",
                "published")
            .atLeast(3));
  }

  private static Side side(String name, String statement) {
    return new Side(
        name, () -> 1 / RUN.client().run(request, Load.of(statement), 1, SECONDS).seconds());
  }
}
