package dev.latchkey.bench;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** verify_api_key: beside a look-up, beside bcrypt, among many keys, and what its time tells. */
final class VerifyBench {
  @RegisterExtension static final BenchRun RUN = new BenchRun();

  private static final int FEW = 1_000;
  private static final int MANY = 1_000_000;
  private static final int SECONDS = 2;

  private static final String VERIFY = "select public.verify_api_key(:key)";
  private static final String VALID = "valid";
  private static final String WRONG = "wrong secret";
  private static final String UNKNOWN = "unknown key";

  private static Target few;
  private static Target reader;
  private static Target many;

  @BeforeAll
  static void makeKeys() throws Exception {
    few = RUN.database("verify_few");
    Script.run(few, "keys.sql", Map.of("count", FEW));
    Script.run(few, "refused_keys.sql", Map.of());
    Script.run(few, "published.sql", Map.of());
    reader = Target.of(RUN.address(), "verify_few", "bench_reader");
    many = RUN.database("verify_many");
    Script.run(many, "keys.sql", Map.of("count", MANY));
  }

  @Test
  void besideABareLookUp() throws Exception {
    Rounds rounds =
        Rounds.of(
            side("verify", few, FEW, "key", VERIFY),
            side("look-up", few, FEW, "ksuid", "select bench.find_key(:key)"));
    RUN.record(
        Measurement.of(
                "verify_api_key, valid key, to a bare look-up",
                "one client's time for verify_api_key of one of 1,000 keys, to that for a plpgsql"
                    + " function that only looks for the key's id",
                rounds,
                "verify",
                "look-up")
            .atLeast(0.6));
  }

  @Test
  void besideBcrypt() throws Exception {
    Load published = Load.of("select published.verify_api_key('sk_0001" + "x".repeat(36) + "')");
    Rounds rounds =
        Rounds.of(
            side("verify", few, FEW, "key", VERIFY),
            new Side("bcrypt", () -> 1 / RUN.client().run(few, published, 1, 1).seconds()));
    RUN.record(
        Measurement.of(
                "verify_api_key, valid key, to bcrypt at cost 12",
                "one client's time, to that for the published verify_api_key of a key whose seven"
                    + " characters no other has",
                rounds,
                "verify",
                "bcrypt")
            .atLeast(1_000));
  }

  @Test
  void amongAMillionKeys() throws Exception {
    Rounds rounds =
        Rounds.of(
            side("1,000,000 keys", many, MANY, "key", VERIFY),
            side("1,000 keys", few, FEW, "key", VERIFY));
    RUN.record(
        Measurement.of(
                "verify_api_key, 1,000,000 keys to 1,000",
                "one client's time for any of a million keys, to that for any of a thousand; all"
                    + " were used within the last minute, so that no use moves last_used_at",
                rounds,
                "1,000,000 keys",
                "1,000 keys")
            .atLeast(0.9));
  }

  @Test
  void whatTheTimeOfTheAnswerTells() throws Exception {
    Rounds rounds =
        Rounds.of(
            side(VALID, reader, FEW, "key", VERIFY),
            side(WRONG, reader, FEW, "wrong", VERIFY),
            side(UNKNOWN, reader, FEW, "unknown", VERIFY));
    RUN.record(
        new Measurement(
            "valid key, wrong secret, unknown key: slowest to fastest",
            "one client's time in read-only transactions, as of GET requests, where nothing is"
                + " recorded",
            rounds.evenness(),
            Optional.of(0.9),
            speeds(rounds, VALID, WRONG, UNKNOWN),
            rounds.count()));
  }

  @Test
  void whatTheTimeOfARecordedRefusalTells() throws Exception {
    Rounds rounds =
        Rounds.of(
            side(VALID, few, FEW, "key", VERIFY),
            side(WRONG, few, FEW, "wrong", VERIFY),
            side(UNKNOWN, few, FEW, "unknown", VERIFY));
    RUN.record(
        Measurement.of(
            "refused key, recorded, to valid key",
            "one client's time; a refusal is written and synced to disk, a valid key's use is not",
            rounds,
            WRONG,
            VALID));
    Ratio ratio = rounds.ratio(WRONG, UNKNOWN);
    RUN.record(
        new Measurement(
            "wrong secret, unknown key, both recorded: slower to faster",
            "one client's time; the one adds a line to the key's log, the other counts in the"
                + " minute's row",
            ratio.median() <= 1
                ? ratio
                : new Ratio(1 / ratio.median(), 1 / ratio.highest(), 1 / ratio.lowest()),
            Optional.of(0.9),
            speeds(rounds, WRONG, UNKNOWN),
            rounds.count()));
  }

  private static Map<String, Double> speeds(Rounds rounds, String... sides) {
    return Stream.of(sides).collect(Collectors.toMap(side -> side, rounds::speed));
  }

  /** The time of a statement with {@code :key}, which is that column of a key drawn at random. */
  private static Side side(String name, Target target, int keys, String column, String statement) {
    Load load =
        Load.drawing(keys, statement)
            .fetching("select " + column + " as key from bench.keys where n = :n");
    return new Side(name, () -> 1 / RUN.client().run(target, load, 1, SECONDS).seconds());
  }
}
