package dev.latchkey.doctor;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time in evidence: in UTC, so that a copied report reads the same everywhere. */
final class Moments {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private Moments() {}

  static String minute(Instant instant) {
    return MINUTE.format(instant);
  }

  static String second(Instant instant) {
    return SECOND.format(instant);
  }
}
