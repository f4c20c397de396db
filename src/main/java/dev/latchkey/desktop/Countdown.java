package dev.latchkey.desktop;

import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Duration;
import java.time.Instant;

/**
 * How long the operator's own access still lasts.
 *
 * @param fraction of what there was at sign-in, from 0 to 1
 */
public record Countdown(Duration left, double fraction) {
  /** From here on a quiet note says that the end is near. */
  static final Duration NEAR = Duration.ofMinutes(10);

  private static final Duration VERY_NEAR = Duration.ofMinutes(2);

  static Countdown of(Instant since, Instant now, Instant end) {
    Duration left = Duration.between(now, end);
    double whole = Math.max(1, Duration.between(since, end).toMillis());
    return new Countdown(
        left.isNegative() ? Duration.ZERO : left, Math.clamp(left.toMillis() / whole, 0, 1));
  }

  boolean isOver() {
    return left.isZero();
  }

  boolean isNear() {
    return left.compareTo(NEAR) <= 0;
  }

  Tone tone() {
    if (left.compareTo(VERY_NEAR) <= 0) {
      return Tone.DANGER;
    }
    return isNear() ? Tone.WARNING : Tone.SUCCESS;
  }

  String text() {
    return isOver() ? "access has ended" : "access ends in " + amount();
  }

  /** Two units where the first is hours: "5 h 06 min". */
  private String amount() {
    return left.toHours() >= 1 && left.toHours() < 24
        ? "%d h %02d min".formatted(left.toHours(), left.toMinutesPart())
        : Times.amount(left);
  }
}
