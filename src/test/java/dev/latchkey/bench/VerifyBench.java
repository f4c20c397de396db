package dev.latchkey.bench;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** verify_api_key. */
final class VerifyBench {
  @RegisterExtension static final BenchRun RUN = new BenchRun();

  private static final int FEW = 1_000;
  private static final int MANY = 1_000_000;
  private static final int SECONDS = 2;

  private static final String VERIFY = "select public.verify_api_key(:key)";
  private static final String KEY = "select key, ksuid from bench.keys where n = :n";

  private static Target few;
  private static Target many;

  @BeforeAll
  static void makeKeys() throws Exception {
    few = RUN.database("verify_few");
    many = RUN.database("verify_many");
    Script.run(few, "keys.sql", Map.of("count", FEW));
    Script.run(many, "keys.sql", Map.of("count", MANY));
  }

  @Test
  void besideABareLookUp() throws Exception {
    Rounds rounds =
        Rounds.of(
            side("verify", few, FEW, VERIFY),
            side("look-up", few, FEW, "select bench.find_key(:ksuid)"));
    RUN.record(
        Measurement.of(
                "verify_api_key, valid key",
                "one client's time for verify_api_key of one of 1,000 keys, to that for a plpgsql"
                    + " function that only looks the key's id up",
                rounds,
                "verify",
                "look-up")
            .atLeast(0.5));
  }

  @Test
  void amongAMillionKeys() throws Exception {
    Rounds rounds =
        Rounds.of(side("1,000,000 keys", many, MANY, VERIFY), side("1,000 keys", few, FEW, VERIFY));
    RUN.record(
        Measurement.of(
                "verify_api_key, 1,000,000 keys to 1,000",
                "as above, any of a million keys to any of a thousand, all of them used within the"
                    + " last minute",
                rounds,
                "1,000,000 keys",
                "1,000 keys")
            .atLeast(0.9));
  }

  private static Side side(String name, Target target, int keys, String statement) {
    Load load = Load.drawing(keys, statement).fetching(KEY);
    return new Side(name, () -> 1 / RUN.client().run(target, load, 1, SECONDS).seconds());
  }
}
