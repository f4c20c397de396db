package dev.latchkey.widget;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import javafx.util.StringConverter;

/** Days as ISO 8601 writes them; what is none becomes no day. */
public final class DayText extends StringConverter<LocalDate> {
  @Override
  public String toString(LocalDate day) {
    return day == null ? "" : day.toString();
  }

  @Override
  public LocalDate fromString(String text) {
    try {
      return text == null || text.isBlank() ? null : LocalDate.parse(text.strip());
    } catch (DateTimeParseException exception) {
      return null;
    }
  }
}
