package dev.latchkey.widget;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Locale;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.util.Subscription;

/**
 * Says points in time as people do: relative in tables ("4 min", "3 d"), exact with the zone in
 * tooltips. The zone is the operator's preference and is always named.
 */
public final class Times {
  private static final Locale LANGUAGE = Locale.ENGLISH;
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", LANGUAGE);
  private static final DateTimeFormatter DAY_AND_YEAR =
      DateTimeFormatter.ofPattern("d MMM yyyy", LANGUAGE);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm", LANGUAGE);
  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("EEE d MMM yyyy, HH:mm:ss", LANGUAGE);
  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm", LANGUAGE);
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", LANGUAGE);
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMM yyyy", LANGUAGE);
  private static final Duration UNAMBIGUOUS = Duration.ofDays(330);
  private static final Duration RECENT = Duration.ofDays(60);

  private final Clock clock;
  private final ObservableValue<ZoneId> zone;

  public Times(Clock clock, ObservableValue<ZoneId> zone) {
    this.clock = clock;
    this.zone = zone;
  }

  /** Changes when the operator chooses another zone, so that what is shown can follow. */
  public ObservableValue<ZoneId> zone() {
    return zone;
  }

  /**
   * Has {@code action} run when {@code node} comes into a window, and there whenever the zone
   * changes. The zone outlives what shows times: it is listened to only while that is in a window.
   */
  public void follow(Node node, Runnable action) {
    Subscription[] following = {Subscription.EMPTY};
    node.sceneProperty()
        .subscribe(
            scene -> {
              following[0].unsubscribe();
              following[0] = scene == null ? Subscription.EMPTY : zone.subscribe(_ -> action.run());
            });
  }

  public Instant now() {
    return clock.instant();
  }

  /** "38 s", "4 min", "2 h", "22 d"; a date when it is more than 60 days ago. */
  public String ago(Instant instant) {
    Duration age = Duration.between(instant, clock.instant());
    if (age.isNegative()) {
      return "now";
    }
    return age.compareTo(RECENT) > 0 ? date(instant) : amount(age);
  }

  /** "4 min ago", "yesterday" for one day, a date when it is more than 60 days ago. */
  public String agoInWords(Instant instant) {
    Duration age = Duration.between(instant, clock.instant());
    if (age.compareTo(Duration.ofSeconds(5)) < 0) {
      return "just now";
    }
    return age.compareTo(RECENT) > 0 ? "on " + date(instant) : amount(age) + " ago";
  }

  /** How long until {@code instant}: "42 min", "5 h", "3 d"; "now" when it has passed. */
  public String until(Instant instant) {
    Duration left = Duration.between(clock.instant(), instant);
    return left.isNegative() || left.isZero() ? "now" : amount(left);
  }

  /** "8 Nov"; with the year when it is not the current one. */
  public String date(Instant instant) {
    ZonedDateTime there = at(instant);
    return there.getYear() == at(clock.instant()).getYear()
        ? DAY.format(there)
        : DAY_AND_YEAR.format(there);
  }

  /** "8 Nov 2026", also in the current year. */
  public String fullDate(Instant instant) {
    return DAY_AND_YEAR.format(at(instant));
  }

  /** "today 13:44", otherwise the date. */
  public String dayOrTime(Instant instant) {
    return at(instant).toLocalDate().equals(at(clock.instant()).toLocalDate())
        ? "today " + HOUR.format(at(instant))
        : date(instant);
  }

  /** "13:44" of today, "3 Nov 09:12" otherwise: for a list of what happened. */
  public String moment(Instant instant) {
    String hour = HOUR.format(at(instant));
    return at(instant).toLocalDate().equals(at(clock.instant()).toLocalDate())
        ? hour
        : date(instant) + " " + hour;
  }

  /** "8 Nov" when it is less than eleven months away; "Nov 2027" beyond. For narrow columns. */
  public String shortDate(Instant instant) {
    Duration away = Duration.between(clock.instant(), instant).abs();
    return (away.compareTo(UNAMBIGUOUS) < 0 ? DAY : MONTH).format(at(instant));
  }

  /** "8 Nov 2026, 09:00 UTC". */
  public String minute(Instant instant) {
    return MINUTE.format(at(instant)) + " " + zoneName(instant);
  }

  /** "Sun 8 Nov 2026, 09:00:12 UTC". */
  public String exact(Instant instant) {
    return EXACT.format(at(instant)) + " " + zoneName(instant);
  }

  /** "14:18:02", for what happened today. */
  public String clock(Instant instant) {
    return CLOCK.format(at(instant));
  }

  /** The largest whole unit of a duration that is not negative. */
  public static String amount(Duration duration) {
    if (duration.toSeconds() < 60) {
      return duration.toSeconds() + " s";
    }
    if (duration.toMinutes() < 60) {
      return duration.toMinutes() + " min";
    }
    return duration.toHours() < 24 ? duration.toHours() + " h" : duration.toDays() + " d";
  }

  /** "14:32" or "1:02:09": what is left, for counting down. */
  public static String countdown(Duration left) {
    long seconds = Math.max(0, left.toSeconds());
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private ZonedDateTime at(Instant instant) {
    return instant.atZone(zone.getValue());
  }

  private String zoneName(Instant instant) {
    ZoneId here = zone.getValue();
    if (here.getRules().isFixedOffset()
        && here.getRules().getOffset(instant).equals(ZoneOffset.UTC)) {
      return "UTC";
    }
    return DateTimeFormatter.ofPattern("zzz", LANGUAGE).format(instant.atZone(here)).isBlank()
        ? here.getDisplayName(TextStyle.SHORT, LANGUAGE)
        : DateTimeFormatter.ofPattern("zzz", LANGUAGE).format(instant.atZone(here));
  }
}
