package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Duration;

/** A key's status in words, from how it behaves: expires in 3 d, not seen 94 d, no use seen. */
final class KeyStatusBadge {
  /** Said of a key without a last use: what it did may have left no trace. */
  static final String NO_USE_SEEN =
      "No use seen. Requests that only read leave none behind PostgREST.";

  private static final int NEW_DAYS = 7;

  private KeyStatusBadge() {}

  static void show(ApiKey key, Times times, Badge badge) {
    badge.show(word(key, times), tone(key));
  }

  static String word(ApiKey key, Times times) {
    return switch (key.status()) {
      case EXPIRING -> "Expires in " + key.expiresAt().map(times::until).orElse("7 d");
      case ACTIVE ->
          isNeverUsed(key)
              ? "No use seen"
              : key.isUnused()
                  ? "Not seen " + Times.amount(Duration.ofDays(key.unusedDays()))
                  : key.status().label();
      case ROTATING, DISABLED, EXPIRED, REVOKED -> key.status().label();
    };
  }

  static Tone tone(ApiKey key) {
    return switch (key.status()) {
      case EXPIRING -> Tone.WARNING;
      case ACTIVE -> isNeverUsed(key) || key.isUnused() ? Tone.WARNING : Tone.SUCCESS;
      case ROTATING -> Tone.ACCENT;
      case DISABLED, EXPIRED -> Tone.NEUTRAL;
      case REVOKED -> Tone.DANGER;
    };
  }

  /** A key that is a few days old need not have been used yet. */
  private static boolean isNeverUsed(ApiKey key) {
    return key.neverUsed() && key.unusedDays() >= NEW_DAYS;
  }

  static Tone tone(KeyStatus status) {
    return switch (status) {
      case ACTIVE -> Tone.SUCCESS;
      case EXPIRING -> Tone.WARNING;
      case ROTATING -> Tone.ACCENT;
      case DISABLED, EXPIRED -> Tone.NEUTRAL;
      case REVOKED -> Tone.DANGER;
    };
  }
}
