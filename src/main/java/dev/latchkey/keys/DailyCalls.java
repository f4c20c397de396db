package dev.latchkey.keys;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Calls on each of the last {@link #DAYS} days (UTC), the oldest first, today last. */
public record DailyCalls(List<Long> counts) {
  public static final int DAYS = 14;
  public static final DailyCalls NONE = of(new long[DAYS]);

  public DailyCalls {
    counts = List.copyOf(counts);
  }

  static DailyCalls of(long[] counts) {
    return new DailyCalls(Arrays.stream(counts).boxed().toList());
  }

  public long total() {
    return stream().sum();
  }

  public LongStream stream() {
    return counts.stream().mapToLong(Long::longValue);
  }
}
