package dev.latchkey.command;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An instant as people type it: {@code 90m}, {@code 8h}, {@code 7d}, or ISO 8601 with a zone. */
final class Until implements ITypeConverter<Instant> {
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})([mhdw])");

  @Override
  public Instant convert(String text) {
    Matcher span = SPAN.matcher(text);
    if (span.matches()) {
      long number = Long.parseLong(span.group(1));
      return Instant.now()
          .plus(
              switch (span.group(2)) {
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> Duration.ofDays(7 * number);
              });
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException wrong) {
      throw new TypeConversionException(
          "must be a time from now such as 90m, 8h or 7d, or an instant with its zone such as 2030-12-31T18:00:00Z");
    }
  }
}
