package dev.latchkey.kit.form;

import dev.latchkey.change.TextRules;
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

/** When something is to end: one of the usual lengths, a day, or never. */
public final class EndViewModel implements FormPart {
  private final List<EndChoice> offered;
  private final Optional<Duration> longest;
  private final String limit;
  private final Optional<Instant> present;
  private final Clock clock;
  private final Supplier<Instant> start;
  private final ObjectProperty<EndChoice> choice;
  private final MomentViewModel custom = new MomentViewModel("18:00");

  private EndViewModel(
      List<EndChoice> offered,
      EndChoice first,
      Optional<Duration> longest,
      String limit,
      Optional<Instant> present,
      Clock clock,
      Supplier<Instant> start) {
    this.offered = offered;
    this.longest = longest;
    this.limit = limit;
    this.present = present;
    this.clock = clock;
    this.start = start;
    this.choice = new SimpleObjectProperty<>(first);
  }

  /**
   * Within a policy.
   *
   * @param longest most time that the policy allows; empty where there need be no end
   * @param start where the time begins to count
   */
  public static EndViewModel within(
      Optional<Duration> longest,
      List<EndChoice> usual,
      EndChoice first,
      Clock clock,
      Supplier<Instant> start) {
    return new EndViewModel(
        longest.isPresent()
            ? usual
            : Stream.concat(usual.stream(), Stream.of(EndChoice.NO_END)).toList(),
        first,
        longest,
        longest
            .map(most -> "Policy allows up to %s.".formatted(Times.amount(most)))
            .orElse("The policy asks for no end."),
        Optional.empty(),
        clock,
        start);
  }

  /** The expiry of a new key. */
  public static EndViewModel ofNewKey(Clock clock) {
    return ofKey(EndChoice.OF_KEYS, EndChoice.KEY_QUARTER, Optional.empty(), clock);
  }

  /**
   * The expiry of a key that exists; it is kept at first.
   *
   * @param present empty where it does not expire
   */
  public static EndViewModel ofKey(Optional<Instant> present, Clock clock) {
    return ofKey(
        Stream.concat(Stream.of(EndChoice.KEEP), EndChoice.OF_KEYS.stream()).toList(),
        EndChoice.KEEP,
        present,
        clock);
  }

  private static EndViewModel ofKey(
      List<EndChoice> offered, EndChoice first, Optional<Instant> present, Clock clock) {
    return new EndViewModel(offered, first, Optional.empty(), "", present, clock, clock::instant);
  }

  public List<EndChoice> offered() {
    return offered;
  }

  public ObjectProperty<EndChoice> choice() {
    return choice;
  }

  /** For a day, or a day and a time. */
  public MomentViewModel custom() {
    return custom;
  }

  @Override
  public void onChange(Runnable listener) {
    choice.subscribe((_, _) -> listener.run());
    custom.onChange(listener);
  }

  /** Whether it stays as it is. */
  public boolean isKept() {
    return kind() == EndChoice.Kind.AS_IS;
  }

  /** The end as of now; empty for no end or none other, and while there is a {@link #problem()}. */
  public Optional<Instant> end() {
    return switch (kind()) {
      case NONE, AS_IS -> Optional.empty();
      case MOMENT -> custom.at();
      case DAY -> custom.endOfDay();
      case LENGTH ->
          choice
              .get()
              .lasts()
              .map(length -> start.get().plus(length).truncatedTo(ChronoUnit.SECONDS));
    };
  }

  public Optional<String> problem() {
    return switch (kind()) {
      case NONE, AS_IS -> Optional.empty();
      case DAY ->
          end()
              .map(at -> TextRules.expiryProblem(at, clock.instant()))
              .orElse(Optional.of("Choose the last day."));
      case MOMENT, LENGTH ->
          end()
              .map(this::problem)
              .orElse(Optional.of("Choose the last day, and the time as 18:00 (UTC)."));
    };
  }

  private Optional<String> problem(Instant end) {
    if (!end.isAfter(start.get()) || !end.isAfter(clock.instant())) {
      return Optional.of("The end must be in the future and after the start.");
    }
    return longest
        .filter(most -> end.isAfter(latest(most)))
        .map(most -> "The policy allows up to %s.".formatted(Times.amount(most)));
  }

  /** The policy counts from now, or from the start where that is later. */
  private Instant latest(Duration most) {
    Instant now = clock.instant();
    Instant from = start.get().isAfter(now) ? start.get() : now;
    return from.plus(most);
  }

  /** What to know about the choice: {@code Ends 4 Nov 18:00. Policy allows up to 90 d.} */
  String explain(Times times) {
    return switch (kind()) {
      case NONE -> choice.get().warning();
      case AS_IS -> present.map(at -> "Expires " + times.minute(at)).orElse("Does not expire");
      case MOMENT, DAY, LENGTH -> {
        String ends = end().map(at -> "Ends " + times.minute(at)).orElse("");
        yield ends.isEmpty() || limit.isEmpty() ? ends + limit : ends + ". " + limit;
      }
    };
  }

  EndChoice.Kind kind() {
    return choice.get().kind();
  }

  /** {@code 4 h}, for the button; empty for a chosen day. */
  public Optional<String> length() {
    return choice.get().lasts().map(Times::amount);
  }
}
