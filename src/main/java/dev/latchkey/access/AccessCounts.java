package dev.latchkey.access;

import dev.latchkey.rows.RowCounts;

/** How many rows a list has; counted up to {@link #MOST} and one more. */
public record AccessCounts(long shown, long all) implements RowCounts {
  static final long MOST = 10_000;

  public static String number(long rows) {
    return rows > MOST ? "more than %,d".formatted(MOST) : "%,d".formatted(rows);
  }
}
