package dev.latchkey.kit.form;

import dev.latchkey.widget.Times;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;

/** When something is to end, within the policy. */
public final class EndViewModel {
  private final List<EndChoice> offered;
  private final Optional<Duration> longest;
  private final Clock clock;
  private final Supplier<Instant> start;
  private final ObjectProperty<EndChoice> choice;
  private final MomentViewModel custom = new MomentViewModel("18:00");

  /**
   * @param longest most time that the policy allows; empty where there need be no end
   * @param start where the time begins to count
   */
  public EndViewModel(
      List<EndChoice> usual,
      EndChoice first,
      Optional<Duration> longest,
      Clock clock,
      Supplier<Instant> start) {
    this.offered =
        longest.isPresent()
            ? usual
            : Stream.concat(usual.stream(), Stream.of(EndChoice.NONE)).toList();
    this.longest = longest;
    this.clock = clock;
    this.start = start;
    this.choice = new SimpleObjectProperty<>(first);
  }

  public List<EndChoice> offered() {
    return offered;
  }

  public ObjectProperty<EndChoice> choice() {
    return choice;
  }

  /** For {@link EndChoice#CUSTOM}. */
  public MomentViewModel custom() {
    return custom;
  }

  public void onChange(Runnable listener) {
    choice.subscribe((_, _) -> listener.run());
    custom.onChange(listener);
  }

  /** The end as of now; empty for no end, and while there is a {@link #problem()}. */
  public Optional<Instant> end() {
    return switch (choice.get()) {
      case NONE -> Optional.empty();
      case CUSTOM -> custom.at();
      default ->
          choice
              .get()
              .length()
              .map(length -> start.get().plus(length).truncatedTo(ChronoUnit.SECONDS));
    };
  }

  public Optional<String> problem() {
    if (choice.get() == EndChoice.NONE) {
      return Optional.empty();
    }
    Optional<Instant> end = end();
    if (end.isEmpty()) {
      return Optional.of("Choose the last day, and the time as 18:00 (UTC).");
    }
    if (!end.get().isAfter(start.get()) || !end.get().isAfter(clock.instant())) {
      return Optional.of("The end must be in the future and after the start.");
    }
    return longest
        .filter(most -> end.get().isAfter(latest(most)))
        .map(most -> "The policy allows up to %s.".formatted(Times.amount(most)));
  }

  /** The policy counts from now, or from the start where that is later. */
  private Instant latest(Duration most) {
    Instant now = clock.instant();
    Instant from = start.get().isAfter(now) ? start.get() : now;
    return from.plus(most);
  }

  /** {@code Policy allows up to 90 d.} */
  public String limit() {
    return longest
        .map(most -> "Policy allows up to %s.".formatted(Times.amount(most)))
        .orElse("The policy asks for no end.");
  }

  /** {@code 4 h}, for the button; empty for a chosen day. */
  public Optional<String> length() {
    return choice.get().length().map(Times::amount);
  }
}
