package dev.latchkey.access;

import dev.latchkey.database.Change;
import dev.latchkey.database.Changes;
import dev.latchkey.database.DatabaseFailure;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** A form's change under way: one at a time, and what became of it. For the JavaFX thread. */
public final class Submission {
  private final ReadOnlyObjectWrapper<Optional<DatabaseFailure>> failure =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
  private final Changes changes;
  private final Predicate<DatabaseFailure> taken;

  /**
   * @param taken whether a field of the form tells a refusal already
   */
  Submission(Changes changes, Predicate<DatabaseFailure> taken) {
    this.changes = changes;
    this.taken = taken;
  }

  /** A refusal that concerns no single field. */
  public ReadOnlyObjectProperty<Optional<DatabaseFailure>> failure() {
    return failure.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  <T> void run(Change<T> change, Consumer<T> onDone) {
    run(change, onDone, () -> {});
  }

  /**
   * @param onRefused called also when a field tells the refusal
   */
  <T> void run(Change<T> change, Consumer<T> onDone, Runnable onRefused) {
    if (busy.get()) {
      return;
    }
    busy.set(true);
    failure.set(Optional.empty());
    changes.run(
        change,
        done -> {
          busy.set(false);
          onDone.accept(done);
        },
        refused -> {
          busy.set(false);
          if (!taken.test(refused)) {
            failure.set(Optional.of(refused));
          }
          onRefused.run();
        });
  }
}
