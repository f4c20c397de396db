package dev.latchkey.kit.form;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long something is to last.
 *
 * @param length zero for all but {@link Kind#LENGTH}
 * @param warning what to know before it is chosen; may be empty
 */
public record EndChoice(String label, Kind kind, Duration length, String warning) {
  /** What an end is chosen as. */
  public enum Kind {
    LENGTH,
    /** A day and a time of day. */
    MOMENT,
    /** The last day. */
    DAY,
    NONE,
    /** As it is; only for what exists. */
    AS_IS
  }

  public static final EndChoice HOUR = length("1 h", Duration.ofHours(1));
  public static final EndChoice HOURS_4 = length("4 h", Duration.ofHours(4));
  public static final EndChoice HOURS_8 = length("8 h", Duration.ofHours(8));
  public static final EndChoice DAY = length("1 d", Duration.ofDays(1));
  public static final EndChoice WEEK = length("7 d", Duration.ofDays(7));
  public static final EndChoice MONTH = length("30 d", Duration.ofDays(30));
  public static final EndChoice QUARTER = length("90 d", Duration.ofDays(90));
  public static final EndChoice CUSTOM = other("Custom", Kind.MOMENT, "");
  public static final EndChoice NO_END =
      other("No end", Kind.NONE, "Without an end it works until somebody thinks of revoking it.");

  public static final EndChoice KEY_WEEK = length("7 days", Duration.ofDays(7));
  public static final EndChoice KEY_QUARTER = length("90 days", Duration.ofDays(90));
  public static final EndChoice DATE = other("Date", Kind.DAY, "");
  public static final EndChoice NEVER =
      other(
          "Never",
          Kind.NONE,
          "Without an expiry the key works until somebody thinks of revoking it.");
  public static final EndChoice KEEP = other("Keep", Kind.AS_IS, "");

  public static final List<EndChoice> OF_GRANTS =
      List.of(HOUR, HOURS_4, HOURS_8, DAY, WEEK, CUSTOM);
  public static final List<EndChoice> OF_TOKENS = List.of(DAY, WEEK, MONTH, QUARTER, CUSTOM);
  public static final List<EndChoice> OF_KEYS =
      List.of(
          KEY_WEEK,
          length("30 days", Duration.ofDays(30)),
          KEY_QUARTER,
          length("1 year", Duration.ofDays(365)),
          DATE,
          NEVER);

  private static EndChoice length(String label, Duration length) {
    return new EndChoice(label, Kind.LENGTH, length, "");
  }

  private static EndChoice other(String label, Kind kind, String warning) {
    return new EndChoice(label, kind, Duration.ZERO, warning);
  }

  /** Empty for all but a length. */
  Optional<Duration> lasts() {
    return Optional.of(length).filter(Duration::isPositive);
  }
}
