package dev.latchkey.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.change.SafetyCheck.Verdict;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one way to write. Shows a change, checks that the operator does not lock himself out, runs it
 * through the source's door, reads again what was changed, and reports. For the JavaFX thread.
 */
public final class ChangeRunner {
  private final Door door;
  private final WriteMode writeMode;
  private final ChangeReview review;
  private final List<SafetyCheck> checks;
  private final Tasks tasks;
  private final Consumer<String> report;

  /**
   * @param report is told what was done, for the status bar
   */
  public ChangeRunner(
      Door door,
      WriteMode writeMode,
      ChangeReview review,
      List<SafetyCheck> checks,
      Tasks tasks,
      Consumer<String> report) {
    this.door = door;
    this.writeMode = writeMode;
    this.review = review;
    this.checks = List.copyOf(checks);
    this.tasks = tasks;
    this.report = report;
  }

  /** Shows the change, and makes it when the operator agrees. */
  public <T> void reviewAndRun(Change<T> change, Consumer<T> onDone, Consumer<Failure> onFailure) {
    check(change, () -> review.ask(change, () -> make(change, onDone, onFailure)), onFailure);
  }

  /** Makes a change whose exact preview a dialog of its own has just shown. */
  public <T> void run(Change<T> change, Consumer<T> onDone, Consumer<Failure> onFailure) {
    check(change, () -> make(change, onDone, onFailure), onFailure);
  }

  private <T> void check(Change<T> change, Runnable clear, Consumer<Failure> onFailure) {
    if (!writeMode.isOn()) {
      onFailure.accept(new ChangeFailure.ReadOnly());
      return;
    }
    if (checks.isEmpty()) {
      clear.run();
      return;
    }
    tasks.start(
        "Checking that you keep your access",
        () -> verdict(change.takes()),
        verdict -> {
          switch (verdict) {
            case Verdict.Clear _ -> clear.run();
            case Verdict.Refused(String sentence) ->
                onFailure.accept(new ChangeFailure.WouldLockOut(sentence));
            case Verdict.NeedsName needed ->
                review.insist(
                    change,
                    needed,
                    clear,
                    () -> onFailure.accept(new ChangeFailure.WouldLockOut(needed.sentence())));
          }
        },
        failure -> onFailure.accept(FailureException.failureOf(failure)));
  }

  /** A refusal outweighs a name that is to be typed. */
  private Verdict verdict(Takes takes) {
    Verdict worst = Verdict.CLEAR;
    for (SafetyCheck check : checks) {
      Verdict verdict = check.look(takes);
      if (verdict instanceof Verdict.Refused) {
        return verdict;
      }
      if (verdict instanceof Verdict.NeedsName) {
        worst = verdict;
      }
    }
    return worst;
  }

  private <T> void make(Change<T> change, Consumer<T> onDone, Consumer<Failure> onFailure) {
    if (!writeMode.isOn()) {
      onFailure.accept(new ChangeFailure.ReadOnly());
      return;
    }
    tasks.start(
        change.summary(),
        () -> reread(change, door.make(change.request())),
        result -> {
          report.accept(change.done());
          onDone.accept(result);
        },
        failure -> onFailure.accept(FailureException.failureOf(failure)));
  }

  private static <T> T reread(Change<T> change, JsonNode answer) {
    try {
      return change.reread().from(answer);
    } catch (FailureException exception) {
      throw new FailureException(
          new ChangeFailure.MadeButNotRead(change.done(), exception.failure()));
    }
  }
}
