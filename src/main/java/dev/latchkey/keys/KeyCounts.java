package dev.latchkey.keys;

import dev.latchkey.rows.RowCounts;
import java.util.Map;

/**
 * How many keys there are, for the segments and the chips. Kinds are counted under all filters but
 * the kind, statuses under all but the statuses, so that each number says what choosing it gives.
 *
 * @param shown how many match the whole filter
 * @param allKinds the sum over the kinds
 * @param all how many there are without any filter
 */
public record KeyCounts(
    long shown,
    long all,
    long allKinds,
    Map<KeyKind, Long> kinds,
    Map<KeyStatus, Long> statuses,
    long unused,
    long neverUsed)
    implements RowCounts {
  public KeyCounts {
    kinds = Map.copyOf(kinds);
    statuses = Map.copyOf(statuses);
  }

  public long of(KeyKind kind) {
    return kinds.getOrDefault(kind, 0L);
  }

  public long of(KeyStatus status) {
    return statuses.getOrDefault(status, 0L);
  }
}
