package dev.latchkey.bench;

import java.util.Map;
import java.util.Optional;

/**
 * One line of the results.
 *
 * @param name what was measured, short
 * @param definition what exactly is compared with what, and by which client
 * @param ratio ours to the other side; more is better
 * @param bar what the ratio has to reach; empty for a figure that is only told
 * @param sides speed of each side in operations per second, median of the rounds
 * @param rounds how many there were
 */
record Measurement(
    String name,
    String definition,
    Ratio ratio,
    Optional<Double> bar,
    Map<String, Double> sides,
    int rounds) {

  /** Of one side to another, both of the rounds. */
  static Measurement of(String name, String definition, Rounds rounds, String side, String other) {
    return new Measurement(
        name,
        definition,
        rounds.ratio(side, other),
        Optional.empty(),
        Map.of(side, rounds.speed(side), other, rounds.speed(other)),
        rounds.count());
  }

  /** With what it has to reach. */
  Measurement atLeast(double least) {
    return new Measurement(name, definition, ratio, Optional.of(least), sides, rounds);
  }

  /** Whether the bar was reached; true where there is none. */
  boolean pass() {
    return bar.map(least -> ratio.median() >= least).orElse(true);
  }
}
