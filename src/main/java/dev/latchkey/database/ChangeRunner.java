package dev.latchkey.database;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.Optional;
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
    Optional<DatabaseFailure> obstacle = obstacle(change.call());
    if (obstacle.isPresent()) {
      onFailure.accept(obstacle.get());
      return;
    }
    review.ask(change, () -> run(change, onDone, onFailure));
  }

  /** Makes a change whose exact preview a dialog of its own has just shown. */
  public <T> void run(Change<T> change, Consumer<T> onDone, Consumer<DatabaseFailure> onFailure) {
    Optional<DatabaseFailure> obstacle = obstacle(change.call());
    if (obstacle.isPresent()) {
      onFailure.accept(obstacle.get());
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

  private Optional<DatabaseFailure> obstacle(Call call) {
    if (!writeMode.isOn()) {
      return Optional.of(new DatabaseFailure.ReadOnly());
    }
    return checks.stream()
        .map(check -> check.objection(call))
        .flatMap(Optional::stream)
        .findFirst()
        .<DatabaseFailure>map(DatabaseFailure.WouldLockOut::new);
  }
}
