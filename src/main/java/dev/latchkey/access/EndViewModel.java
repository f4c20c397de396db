package dev.latchkey.access;

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
  private final Policy policy;
  private final Clock clock;
  private final Supplier<Instant> start;
  private final ObjectProperty<EndChoice> choice;
  private final MomentViewModel custom = new MomentViewModel("18:00");

  /**
   * @param start where the time begins to count
   */
  EndViewModel(
      List<EndChoice> usual, EndChoice first, Policy policy, Clock clock, Supplier<Instant> start) {
    this.offered =
        policy.longest().isPresent()
            ? usual
            : Stream.concat(usual.stream(), Stream.of(EndChoice.NONE)).toList();
    this.policy = policy;
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

  void onChange(Runnable listener) {
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
    return policy
        .longest()
        .filter(longest -> end.get().isAfter(latest(longest)))
        .map(longest -> "The policy allows up to %s.".formatted(Times.amount(longest)));
  }

  /** The policy counts from now, or from the start where that is later. */
  private Instant latest(Duration longest) {
    Instant now = clock.instant();
    Instant from = start.get().isAfter(now) ? start.get() : now;
    return from.plus(longest);
  }

  /** {@code Policy allows up to 90 d.} */
  public String limit() {
    return policy
        .longest()
        .map(longest -> "Policy allows up to %s.".formatted(Times.amount(longest)))
        .orElse("The policy asks for no end.");
  }

  /** {@code 4 h}, for the button; empty for a chosen day. */
  Optional<String> length() {
    return choice.get().length().map(Times::amount);
  }
}
