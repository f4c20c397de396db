package dev.latchkey.access.screen;

import dev.latchkey.access.GrantStatus;
import dev.latchkey.access.TokenStatus;
import dev.latchkey.widget.Chip;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How the lists and the drawer say things of temporary access. */
public final class AccessText {
  /** Widths in the chips' font, 11 pixels high, and around it. */
  private static final double CHARACTER = 6.65;

  private static final double CHIP = 12;
  private static final double MORE = 30;

  private AccessText() {}

  static Tone tone(GrantStatus status) {
    return switch (status) {
      case EXPIRING -> Tone.WARNING;
      case ACTIVE -> Tone.SUCCESS;
      case SCHEDULED -> Tone.ACCENT;
      case EXPIRED -> Tone.NEUTRAL;
      case REVOKED -> Tone.DANGER;
    };
  }

  static Tone tone(TokenStatus status) {
    return switch (status) {
      case EXPIRING -> Tone.WARNING;
      case ACTIVE -> Tone.SUCCESS;
      case EXPIRED -> Tone.NEUTRAL;
      case REVOKED -> Tone.DANGER;
    };
  }

  /** "18 min", "5 h 06 min", "2 d 4 h", "12 d". */
  static String left(Duration left) {
    if (left.toDays() >= 7) {
      return left.toDays() + " d";
    }
    if (left.toDays() >= 1) {
      return left.toHoursPart() == 0
          ? left.toDays() + " d"
          : "%d d %d h".formatted(left.toDays(), left.toHoursPart());
    }
    return left.toHours() >= 1
        ? "%d h %02d min".formatted(left.toHours(), left.toMinutesPart())
        : Times.amount(left.isNegative() ? Duration.ZERO : left);
  }

  static String left(Instant end, Times times) {
    return left(Duration.between(times.now(), end));
  }

  /** As many networks as there is room for, at least one; {@code room} in pixels. */
  static List<Chip> networks(List<String> networks, boolean open, double room) {
    if (networks.isEmpty()) {
      return List.of(open ? Chip.warning("any") : Chip.of("any"));
    }
    List<Chip> chips = new ArrayList<>();
    double left = room;
    for (String network : networks) {
      left -= network.length() * CHARACTER + CHIP;
      boolean last = chips.size() == networks.size() - 1;
      if (!chips.isEmpty() && left < (last ? 0 : MORE)) {
        break;
      }
      chips.add(Chip.of(network));
    }
    if (chips.size() < networks.size()) {
      chips.add(Chip.more(networks.size() - chips.size()));
    }
    return chips;
  }

  static String networks(List<String> networks) {
    return networks.isEmpty() ? "From any network" : "From " + String.join(", ", networks);
  }

  /** "1 session", "3 sessions". */
  public static String count(long number, String one) {
    return "%,d %s".formatted(number, number == 1 ? one : one + "s");
  }
}
