package dev.latchkey.access.screen.grant;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Policy;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.change.ReasonRule;
import dev.latchkey.kit.form.EndChoice;
import dev.latchkey.kit.form.EndViewModel;
import dev.latchkey.kit.form.FormProblems;
import dev.latchkey.kit.form.Submission;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** Moves the end of a grant to a later time. */
public final class ExtendViewModel {
  private final Grant grant;
  private final AccessChanges changes;
  private final Policy policy;
  private final Runnable onTouched;
  private final EndViewModel end;
  private final StringProperty reason = new SimpleStringProperty("");
  private final FormProblems<AccessField> problems = new FormProblems<>(AccessField.class);
  private final Submission<Grant> submission;

  /**
   * @param onTouched told when the grant is, or may be, otherwise than it was read
   */
  public ExtendViewModel(
      Grant grant, AccessChanges changes, Policy policy, Clock clock, Runnable onTouched) {
    this.grant = grant;
    this.changes = changes;
    this.policy = policy;
    this.onTouched = onTouched;
    this.submission = new Submission<>(changes.changes(), problems::take, this::check);
    this.end =
        new EndViewModel(
            EndChoice.OF_GRANTS,
            EndChoice.HOUR,
            policy.longest(),
            clock,
            () -> grant.expiresAt().orElse(grant.startsAt()));
    end.onChange(this::check);
    reason.subscribe((_, _) -> check());
    check();
  }

  public Grant grant() {
    return grant;
  }

  /** The time that is added to the present end, or another end. */
  public EndViewModel end() {
    return end;
  }

  public StringProperty reason() {
    return reason;
  }

  public Policy policy() {
    return policy;
  }

  public FormProblems<AccessField> problems() {
    return problems;
  }

  public Submission<Grant> submission() {
    return submission;
  }

  /** What would run; empty while something is missing or wrong. */
  public ReadOnlyObjectProperty<Optional<Change<Grant>>> change() {
    return submission.change();
  }

  /** {@code Extend by 4 h}: what the button says. */
  public String verb() {
    return end.length().map(length -> "Extend by " + length).orElse("Extend grant");
  }

  public void extend(Runnable onDone) {
    submission.submit(
        _ -> {
          onDone.run();
          onTouched.run();
        },
        _ -> onTouched.run());
  }

  private void check() {
    Optional<String> endProblem = end.problem();
    Optional<String> reasonProblem = policy.reasonRule().problem(reason.get());
    problems.set(AccessField.END, endProblem);
    problems.set(
        AccessField.REASON,
        reasonProblem.filter(_ -> submission.wasTried() || !reason.get().isEmpty()));
    Optional<Instant> wanted = endProblem.isEmpty() ? end.end() : Optional.empty();
    submission.prepare(
        wanted
            .filter(_ -> reasonProblem.isEmpty())
            .map(at -> changes.calls().extend(grant, at, ReasonRule.clean(reason.get()))));
  }
}
