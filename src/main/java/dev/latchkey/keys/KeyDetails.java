package dev.latchkey.keys;

import java.util.List;

/**
 * What the drawer shows beyond the table's row.
 *
 * @param usage the last 14 days, the oldest first, days without calls included
 * @param history the newest first, at most {@link #HISTORY}
 */
public record KeyDetails(ApiKey key, List<UsageDay> usage, List<KeyEvent> history) {
  /** Most events that are read for one key. */
  public static final int HISTORY = 200;

  public KeyDetails {
    usage = List.copyOf(usage);
    history = List.copyOf(history);
  }
}
