package dev.latchkey.kit.form;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long something is to last. */
public enum EndChoice {
  HOUR("1 h", Duration.ofHours(1)),
  HOURS_4("4 h", Duration.ofHours(4)),
  HOURS_8("8 h", Duration.ofHours(8)),
  DAY("1 d", Duration.ofDays(1)),
  WEEK("7 d", Duration.ofDays(7)),
  MONTH("30 d", Duration.ofDays(30)),
  QUARTER("90 d", Duration.ofDays(90)),
  CUSTOM("Custom", Duration.ZERO),
  NONE("No end", Duration.ZERO);

  public static final List<EndChoice> OF_GRANTS =
      List.of(HOUR, HOURS_4, HOURS_8, DAY, WEEK, CUSTOM);
  public static final List<EndChoice> OF_TOKENS = List.of(DAY, WEEK, MONTH, QUARTER, CUSTOM);

  private final String label;
  private final Duration length;

  EndChoice(String label, Duration length) {
    this.label = label;
    this.length = length;
  }

  public String label() {
    return label;
  }

  /** Empty for a chosen day, and for no end. */
  public Optional<Duration> length() {
    return length.isZero() ? Optional.empty() : Optional.of(length);
  }
}
