package dev.latchkey.database;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.database.SafetyCheck.Verdict;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one way to write. Shows a change, checks that the operator does not lock himself out, runs it
 * in one transaction, reads again what was changed, and reports. For the JavaFX thread.
 */
public final class ChangeRunner {
  private final Database database;
  private final WriteMode writeMode;
  private final ChangeReview review;
  private final List<SafetyCheck> checks;
  private final Tasks tasks;
  private final Consumer<String> report;

  /**
   * @param report is told what was done, for the status bar
   */
  public ChangeRunner(
      Database database,
      WriteMode writeMode,
      ChangeReview review,
      List<SafetyCheck> checks,
      Tasks tasks,
      Consumer<String> report) {
    this.database = database;
    this.writeMode = writeMode;
    this.review = review;
    this.checks = List.copyOf(checks);
    this.tasks = tasks;
    this.report = report;
  }

  /** Shows the change, and makes it when the operator agrees. */
  public <T> void reviewAndRun(
      Change<T> change, Consumer<T> onDone, Consumer<DatabaseFailure> onFailure) {
    check(change, () -> review.ask(change, () -> make(change, onDone, onFailure)), onFailure);
  }

  /** Makes a change whose exact preview a dialog of its own has just shown. */
  public <T> void run(Change<T> change, Consumer<T> onDone, Consumer<DatabaseFailure> onFailure) {
    check(change, () -> make(change, onDone, onFailure), onFailure);
  }

  private <T> void check(Change<T> change, Runnable clear, Consumer<DatabaseFailure> onFailure) {
    if (!writeMode.isOn()) {
      onFailure.accept(new DatabaseFailure.ReadOnly());
      return;
    }
    if (checks.isEmpty()) {
      clear.run();
      return;
    }
    tasks.start(
        "Checking that you keep your access",
        () -> verdict(change.call()),
        verdict -> {
          switch (verdict) {
            case Verdict.Clear _ -> clear.run();
            case Verdict.Refused(String sentence) ->
                onFailure.accept(new DatabaseFailure.WouldLockOut(sentence));
            case Verdict.NeedsName needed ->
                review.insist(
                    change,
                    needed,
                    clear,
                    () -> onFailure.accept(new DatabaseFailure.WouldLockOut(needed.sentence())));
          }
        },
        failure -> onFailure.accept(DatabaseException.failureOf(failure)));
  }

  /** A refusal outweighs a name that is to be typed. */
  private Verdict verdict(Call call) {
    Verdict worst = Verdict.CLEAR;
    for (SafetyCheck check : checks) {
      Verdict verdict = check.look(call);
      if (verdict instanceof Verdict.Refused) {
        return verdict;
      }
      if (verdict instanceof Verdict.NeedsName) {
        worst = verdict;
      }
    }
    return worst;
  }

  private <T> void make(Change<T> change, Consumer<T> onDone, Consumer<DatabaseFailure> onFailure) {
    if (!writeMode.isOn()) {
      onFailure.accept(new DatabaseFailure.ReadOnly());
      return;
    }
    tasks.start(
        change.summary(),
        () -> reread(change, database.change(change.call())),
        result -> {
          report.accept(change.done());
          onDone.accept(result);
        },
        failure -> onFailure.accept(DatabaseException.failureOf(failure)));
  }

  private static <T> T reread(Change<T> change, JsonNode answer) {
    try {
      return change.reread().from(answer);
    } catch (DatabaseException exception) {
      throw new DatabaseException(
          new DatabaseFailure.MadeButNotRead(change.done(), exception.failure()));
    }
  }
}
