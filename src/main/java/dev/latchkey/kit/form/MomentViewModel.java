package dev.latchkey.kit.form;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** A point in time that is chosen as a day and a time of day, both in UTC. */
public final class MomentViewModel implements FormPart {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:mm");
  private static final LocalTime END_OF_DAY = LocalTime.of(23, 59, 59);

  private final ObjectProperty<Optional<LocalDate>> day =
      new SimpleObjectProperty<>(Optional.empty());
  private final StringProperty time;

  public MomentViewModel(String usualTime) {
    this.time = new SimpleStringProperty(usualTime);
  }

  public ObjectProperty<Optional<LocalDate>> day() {
    return day;
  }

  /** {@code 18:00}. */
  public StringProperty time() {
    return time;
  }

  @Override
  public void onChange(Runnable listener) {
    day.subscribe((_, _) -> listener.run());
    time.subscribe((_, _) -> listener.run());
  }

  /** The end of the day, whatever the time says; empty while there is no day. */
  public Optional<Instant> endOfDay() {
    return day.get().map(chosen -> chosen.atTime(END_OF_DAY).toInstant(ZoneOffset.UTC));
  }

  /** Empty while day or time is missing or wrong. */
  public Optional<Instant> at() {
    try {
      LocalTime clock = LocalTime.parse(time.get().strip(), TIME);
      return day.get().map(chosen -> chosen.atTime(clock).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException exception) {
      return Optional.empty();
    }
  }

  /** What is wrong with it as a start. */
  public Optional<String> startProblem(Clock now) {
    return at().isEmpty()
        ? Optional.of("Choose the day, and the time as 09:00 (UTC).")
        : at().filter(at -> !at.isAfter(now.instant()))
            .map(_ -> "The start must be in the future.");
  }
}
