package dev.latchkey.keys.screen;

import dev.latchkey.change.TextRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;

/** When a key is to end: one of the usual periods, a day, or never. */
public final class ExpiryViewModel {
  private static final LocalTime END_OF_DAY = LocalTime.of(23, 59, 59);

  /** What can be chosen. */
  public enum Choice {
    /** As it is; only for a key that exists. */
    KEEP("Keep", 0),
    WEEK("7 days", 7),
    MONTH("30 days", 30),
    QUARTER("90 days", 90),
    YEAR("1 year", 365),
    DATE("Date", 0),
    NEVER("Never", 0);

    private final String label;
    private final int days;

    Choice(String label, int days) {
      this.label = label;
      this.days = days;
    }

    public String label() {
      return label;
    }
  }

  private final ObjectProperty<Choice> choice = new SimpleObjectProperty<>(Choice.QUARTER);
  private final ObjectProperty<Optional<LocalDate>> date =
      new SimpleObjectProperty<>(Optional.empty());
  private final Clock clock;

  ExpiryViewModel(Clock clock) {
    this.clock = clock;
  }

  public ObjectProperty<Choice> choice() {
    return choice;
  }

  /** The last day (UTC), for {@link Choice#DATE}. */
  public ObjectProperty<Optional<LocalDate>> date() {
    return date;
  }

  void onChange(Runnable listener) {
    choice.subscribe(listener);
    date.subscribe(listener);
  }

  /** The end as of now; empty for never, and while there is a {@link #problem()}. */
  Optional<Instant> expiresAt() {
    return switch (choice.get()) {
      case KEEP, NEVER -> Optional.empty();
      case DATE -> date.get().map(day -> day.atTime(END_OF_DAY).toInstant(ZoneOffset.UTC));
      case WEEK, MONTH, QUARTER, YEAR ->
          Optional.of(
              clock
                  .instant()
                  .plus(Duration.ofDays(choice.get().days))
                  .truncatedTo(ChronoUnit.SECONDS));
    };
  }

  Optional<String> problem() {
    if (choice.get() != Choice.DATE) {
      return Optional.empty();
    }
    return expiresAt()
        .map(at -> TextRules.expiryProblem(at, clock.instant()))
        .orElse(Optional.of("Choose the last day."));
  }
}
