package dev.latchkey.access.screen.policy;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.Policy;
import dev.latchkey.access.PolicyEdit;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.kit.form.FormProblems;
import dev.latchkey.kit.form.Submission;
import java.time.Duration;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** The form for the policy; it holds for what is granted from then on. */
public final class PolicyViewModel {
  private static final int MOST_DAYS = 36_500;

  private final Policy before;
  private final AccessChanges changes;
  private final Runnable onSaved;
  private final BooleanProperty limited;
  private final StringProperty days;
  private final BooleanProperty reasonRequired;
  private final StringProperty pattern;
  private final BooleanProperty selfGranting;
  private final BooleanProperty networksRequired;
  private final FormProblems<AccessField> problems = new FormProblems<>(AccessField.class);
  private final Submission<AccessOverview> submission;

  public PolicyViewModel(Policy before, AccessChanges changes, Runnable onSaved) {
    this.before = before;
    this.changes = changes;
    this.onSaved = onSaved;
    this.limited = new SimpleBooleanProperty(before.longest().isPresent());
    this.days = new SimpleStringProperty(before.longest().map(PolicyViewModel::days).orElse("90"));
    this.reasonRequired = new SimpleBooleanProperty(before.reasonRequired());
    this.pattern = new SimpleStringProperty(before.reasonPattern().orElse(""));
    this.selfGranting = new SimpleBooleanProperty(before.selfGranting());
    this.networksRequired = new SimpleBooleanProperty(before.networksRequired());
    this.submission = new Submission<>(changes.changes(), problems::take, this::check);
    limited.subscribe((_, _) -> check());
    days.subscribe((_, _) -> check());
    reasonRequired.subscribe((_, _) -> check());
    pattern.subscribe((_, _) -> check());
    selfGranting.subscribe((_, _) -> check());
    networksRequired.subscribe((_, _) -> check());
    check();
  }

  /** Whether grants and tokens must have an end. */
  public BooleanProperty limited() {
    return limited;
  }

  /** The longest time in days; fractions as {@code 0.5}. */
  public StringProperty days() {
    return days;
  }

  public BooleanProperty reasonRequired() {
    return reasonRequired;
  }

  /** A regular expression that a reason must contain; empty for none. */
  public StringProperty pattern() {
    return pattern;
  }

  public BooleanProperty selfGranting() {
    return selfGranting;
  }

  public BooleanProperty networksRequired() {
    return networksRequired;
  }

  public FormProblems<AccessField> problems() {
    return problems;
  }

  public Submission<AccessOverview> submission() {
    return submission;
  }

  /** What would run; empty while nothing is changed or something is wrong. */
  public ReadOnlyObjectProperty<Optional<Change<AccessOverview>>> change() {
    return submission.change();
  }

  public void save(Runnable onDone) {
    submission.submit(
        _ -> {
          onDone.run();
          onSaved.run();
        });
  }

  private void check() {
    Optional<Duration> longest = longest();
    boolean wrong = limited.get() && longest.isEmpty();
    problems.set(
        AccessField.LONGEST,
        wrong
            ? Optional.of("Enter days from 0.04 to %,d.".formatted(MOST_DAYS))
            : Optional.empty());
    problems.set(AccessField.PATTERN, Optional.empty());
    PolicyEdit edit =
        new PolicyEdit(
            before,
            new Policy(
                longest,
                reasonRequired.get(),
                Optional.of(pattern.get().strip()).filter(text -> !text.isEmpty()),
                selfGranting.get(),
                networksRequired.get()));
    submission.prepare(
        wrong || edit.isEmpty() ? Optional.empty() : Optional.of(changes.calls().setPolicy(edit)));
  }

  private Optional<Duration> longest() {
    if (!limited.get()) {
      return Optional.empty();
    }
    if (days.get().strip().equals(before.longest().map(PolicyViewModel::days).orElse(""))) {
      return before.longest();
    }
    try {
      double number = Double.parseDouble(days.get().strip());
      Duration length = Duration.ofHours(Math.round(number * 24));
      return length.isPositive() && number <= MOST_DAYS ? Optional.of(length) : Optional.empty();
    } catch (NumberFormatException exception) {
      return Optional.empty();
    }
  }

  private static String days(Duration duration) {
    double number = duration.toMinutes() / (24.0 * 60);
    return number == Math.rint(number)
        ? Long.toString(Math.round(number))
        : "%.2f".formatted(number);
  }
}
