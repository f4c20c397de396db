package dev.latchkey.database;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * How many rows a table has, as far as the role that asks may know.
 *
 * @param number at least 0; empty when the role may not read the table
 * @param exact whether they were counted; otherwise the server's own estimate
 */
public record Count(OptionalLong number, boolean exact) {
  public static Count exactly(long number) {
    return new Count(OptionalLong.of(number), true);
  }

  public static Count about(long number) {
    return new Count(OptionalLong.of(number), false);
  }

  public static Count unknown() {
    return new Count(OptionalLong.empty(), false);
  }

  /** With the noun, in the singular where it is one: {@code 1 key}, {@code about 2,000 keys}. */
  public String of(String one, String many) {
    if (number.isEmpty()) {
      return "an unknown number of " + many;
    }
    String amount = String.format(Locale.ROOT, "%,d %s", number.getAsLong(), isOne() ? one : many);
    return exact ? amount : "about " + amount;
  }

  private boolean isOne() {
    return number.getAsLong() == 1;
  }
}
