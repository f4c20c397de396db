package dev.latchkey.kit;

import dev.latchkey.kit.list.Rows;
import dev.latchkey.rows.RowCounts;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What a screen says at the right of the status bar.
 *
 * @param rows with their unit ("46 keys"); empty while nothing is loaded
 * @param selected number of selected rows; 0 is not shown
 * @param latency how long the database took for the last answer
 */
public record StatusLine(String rows, int selected, Optional<Duration> latency) {
  public static final StatusLine EMPTY = new StatusLine("", 0, Optional.empty());

  /**
   * How many rows there are, which of them are selected, and how long they took.
   *
   * @param what the rows' name in the plural
   * @param number says a number of rows
   */
  public static StatusLine of(Rows<?, ?, ?, ?> rows, String what, LongFunction<String> number) {
    String told = rows.counts().get().map(counts -> told(counts, what, number)).orElse("");
    return new StatusLine(told, rows.selection().get().size(), rows.latency().get());
  }

  private static String told(RowCounts counts, String what, LongFunction<String> number) {
    return counts.shown() == counts.all()
        ? "%s %s".formatted(number.apply(counts.all()), what)
        : "%s of %s %s".formatted(number.apply(counts.shown()), number.apply(counts.all()), what);
  }
}
