package dev.latchkey.access.screen.policy;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.Policy;
import dev.latchkey.access.PolicyEdit;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.change.TextRules;
import dev.latchkey.kit.form.Form;
import dev.latchkey.kit.form.Tells;
import java.time.Duration;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
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
  private final Form<AccessField, AccessOverview> form;

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
    this.form = new Form<>(AccessField.class, changes.changes());
    form.rule(AccessField.LONGEST, Tells.AT_ONCE, this::daysProblem);
    form.makes(this::change);
    form.follows(limited, days, reasonRequired, pattern, selfGranting, networksRequired);
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

  public Form<AccessField, AccessOverview> form() {
    return form;
  }

  public void save(Runnable onDone) {
    form.submit(
        _ -> {
          onDone.run();
          onSaved.run();
        });
  }

  private Optional<String> daysProblem() {
    return limited.get() && longest().isEmpty()
        ? Optional.of("Enter days from 0.04 to %,d.".formatted(MOST_DAYS))
        : Optional.empty();
  }

  private Optional<Change<AccessOverview>> change() {
    Policy wanted =
        new Policy(
            longest(),
            reasonRequired.get(),
            Optional.of(TextRules.trimmed(pattern.get())).filter(text -> !text.isEmpty()),
            selfGranting.get(),
            networksRequired.get());
    return Optional.of(new PolicyEdit(before, wanted))
        .filter(edit -> !edit.isEmpty())
        .map(changes.calls()::setPolicy);
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
