package dev.latchkey.widget;

import java.time.Duration;
import java.util.Optional;

/**
 * What a screen says at the right of the status bar.
 *
 * @param rows with their unit ("46 keys"); empty while nothing is loaded
 * @param selected number of selected rows; 0 is not shown
 * @param latency how long the database took for the last answer
 */
public record StatusLine(String rows, int selected, Optional<Duration> latency) {
  public static final StatusLine EMPTY = new StatusLine("", 0, Optional.empty());
}
