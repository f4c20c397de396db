package dev.latchkey.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * How two sides compare.
 *
 * @param median the figure that is held against the bar
 * @param lowest of all rounds
 * @param highest of all rounds
 */
record Ratio(double median, double lowest, double highest) {
  static Ratio of(DoubleStream rounds) {
    double[] all = rounds.toArray();
    return new Ratio(
        Rounds.median(all),
        Arrays.stream(all).min().orElseThrow(),
        Arrays.stream(all).max().orElseThrow());
  }
}
