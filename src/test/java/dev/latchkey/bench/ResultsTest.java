package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How benchmarks count: what their figures are worth depends on it. */
final class ResultsTest {
  private final List<String> order = new ArrayList<>();

  @Test
  void sidesTakeTurnsAndTheMedianOfTheRoundsRatiosCounts() throws Exception {
    // Ratios 2, 1 and 4: a machine that was ten times as fast in one round changes nothing.
    Rounds rounds = Rounds.of(3, side("a", 2, 10, 4), side("b", 1, 10, 1));

    assertThat(order).containsExactly("a", "b", "b", "a", "a", "b");
    assertThat(rounds.ratio("a", "b")).isEqualTo(new Ratio(2, 1, 4));
    assertThat(rounds.speed("a")).isEqualTo(4);
  }

  @Test
  void evennessIsTheSlowestToTheFastestOfAllSides() throws Exception {
    Rounds rounds = Rounds.of(1, side("a", 9), side("b", 10), side("c", 8));
    assertThat(rounds.evenness().median()).isCloseTo(0.8, within(1e-9));
  }

  @Test
  void theMedianOfAnEvenNumberLiesInTheMiddle() {
    assertThat(Rounds.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
  }

  @Test
  void resultsAreWrittenForMachinesAndForPeople(@TempDir Path folder) throws Exception {
    Rounds rounds = Rounds.of(1, side("ours", 30), side("other", 40));
    Measurement plain = Measurement.of("speed", "ours to other", rounds, "ours", "other");
    Results results = new Results();
    results.condition("machine", "a small one");
    results.add(plain.atLeast(0.7));
    results.add(plain.atLeast(0.8));
    results.add(plain);
    results.write(folder);

    JsonNode json = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
    assertThat(json).hasSize(3);
    assertThat(json.get(0).get("name").asText()).isEqualTo("speed");
    assertThat(json.get(0).get("ratio").asDouble()).isEqualTo(0.75);
    assertThat(json.get(0).get("bar").asDouble()).isEqualTo(0.7);
    assertThat(json.get(0).get("pass").asBoolean()).isTrue();
    assertThat(json.get(1).get("pass").asBoolean(true)).isFalse();
    assertThat(json.get(2).get("pass").isNull()).isTrue();
    assertThat(Files.readString(folder.resolve("results.md")))
        .contains("| speed | 0.70 | 0.75 | 0.75 to 0.75 | reached |", "MISSED", "a small one");
  }

  private Side side(String name, double... speeds) {
    Iterator<Double> next = Arrays.stream(speeds).boxed().iterator();
    return new Side(
        name,
        () -> {
          order.add(name);
          return next.next();
        });
  }
}
