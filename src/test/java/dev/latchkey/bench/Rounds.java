package dev.latchkey.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Sides measured in turns, A B B A A B …, so that a machine that others use as well is as slow for
 * one side as for the other. What counts is the median of the rounds' ratios, because the sides of
 * one round were measured next to each other.
 */
final class Rounds {
  /** The setting that makes a run shorter or longer. */
  private static final String ROUNDS = "bench.rounds";

  private static final int USUAL = 7;

  private final Map<String, double[]> speeds;

  private Rounds(Map<String, double[]> speeds) {
    this.speeds = speeds;
  }

  /** Seven rounds, or as many as {@code -Dbench.rounds} says. */
  static Rounds of(Side... sides) throws Exception {
    return of(Integer.getInteger(ROUNDS, USUAL), sides);
  }

  static Rounds of(int rounds, Side... sides) throws Exception {
    Map<String, double[]> speeds = new LinkedHashMap<>();
    for (Side side : sides) {
      speeds.put(side.name(), new double[rounds]);
    }
    for (int round = 0; round < rounds; round++) {
      List<Side> order = round % 2 == 0 ? List.of(sides) : List.of(sides).reversed();
      for (Side side : order) {
        speeds.get(side.name())[round] = side.work().perSecond();
      }
    }
    return new Rounds(speeds);
  }

  int count() {
    return speeds.values().iterator().next().length;
  }

  /** Operations per second of a side, the median of its rounds. */
  double speed(String side) {
    return median(speeds.get(side));
  }

  /** How many times as fast one side is as the other, round by round. */
  Ratio ratio(String side, String other) {
    double[] ours = speeds.get(side);
    double[] theirs = speeds.get(other);
    return Ratio.of(
        IntStream.range(0, ours.length).mapToDouble(round -> ours[round] / theirs[round]));
  }

  /** The slowest of all sides as a part of the fastest: of their medians, and in single rounds. */
  Ratio evenness() {
    double[] medians = speeds.values().stream().mapToDouble(Rounds::median).toArray();
    Ratio single =
        Ratio.of(
            IntStream.range(0, count())
                .mapToDouble(
                    round ->
                        evenness(
                            speeds.values().stream().mapToDouble(all -> all[round]).toArray())));
    return new Ratio(evenness(medians), single.lowest(), single.highest());
  }

  private static double evenness(double[] values) {
    return Arrays.stream(values).min().orElseThrow() / Arrays.stream(values).max().orElseThrow();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
