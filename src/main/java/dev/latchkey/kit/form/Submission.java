package dev.latchkey.kit.form;

import dev.latchkey.change.Change;
import dev.latchkey.change.Changes;
import dev.latchkey.rows.Failure;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * A form's change: as it would run now, then under way, one at a time, and what became of it. For
 * the JavaFX thread.
 *
 * @param <T> what the change answers
 */
public final class Submission<T> {
  private final ReadOnlyObjectWrapper<Optional<Change<T>>> change =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<Failure>> failure =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
  private final Changes changes;
  private final Predicate<Failure> taken;
  private final Runnable check;
  private boolean tried;

  /**
   * @param taken whether a field of the form tells a refusal already
   * @param check looks at the fields and {@link #prepare prepares} what would run
   */
  public Submission(Changes changes, Predicate<Failure> taken, Runnable check) {
    this.changes = changes;
    this.taken = taken;
    this.check = check;
  }

  /** What would run; empty while something is missing or wrong. */
  public ReadOnlyObjectProperty<Optional<Change<T>>> change() {
    return change.getReadOnlyProperty();
  }

  /** A refusal that concerns no single field. */
  public ReadOnlyObjectProperty<Optional<Failure>> failure() {
    return failure.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  /** Whether submitting was tried: from then on a field tells also that it is empty. */
  public boolean wasTried() {
    return tried;
  }

  /** Sets what would run. */
  public void prepare(Optional<Change<T>> ready) {
    change.set(ready);
  }

  /** Tells that something else about the form did not work. */
  public void tell(Failure problem) {
    failure.set(Optional.of(problem));
  }

  /** Looks at the fields as for submitting, so that each tells what stands in the way. */
  public void insist() {
    tried = true;
    check.run();
  }

  public void submit(Consumer<T> onDone) {
    submit(onDone, _ -> {});
  }

  /**
   * Looks at the fields, and makes the change when nothing stands in the way.
   *
   * @param onRefused called also when a field tells the refusal
   */
  public void submit(Consumer<T> onDone, Consumer<Failure> onRefused) {
    insist();
    run(onDone, onRefused);
  }

  /** Makes the change exactly as it was prepared, if it was, and none is under way. */
  public void run(Consumer<T> onDone, Consumer<Failure> onRefused) {
    if (!busy.get()) {
      tried = true;
      change.get().ifPresent(ready -> start(ready, onDone, onRefused));
    }
  }

  private void start(Change<T> ready, Consumer<T> onDone, Consumer<Failure> onRefused) {
    busy.set(true);
    failure.set(Optional.empty());
    changes.run(
        ready,
        done -> {
          busy.set(false);
          onDone.accept(done);
        },
        refused -> {
          busy.set(false);
          if (!taken.test(refused)) {
            failure.set(Optional.of(refused));
          }
          onRefused.accept(refused);
        });
  }
}
