package dev.latchkey.kit.form;

import dev.latchkey.change.Change;
import dev.latchkey.change.Changes;
import dev.latchkey.rows.Failure;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;

/**
 * A form that makes one change: as it would run now, then under way, one at a time, and what became
 * of it.
 *
 * @param <F> the fields
 * @param <T> what the change answers
 */
public final class Form<F extends Enum<F> & FormProblems.Field, T> extends FormProblems<F> {
  private final Changes changes;
  private final ReadOnlyObjectWrapper<Optional<Change<T>>> change =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ObservableValue<String> preview =
      change.map(now -> now.map(ready -> ready.request().preview()).orElse(""));
  private Supplier<Optional<Change<T>>> makes = Optional::empty;

  public Form(Class<F> fields, Changes changes) {
    super(fields);
    this.changes = changes;
  }

  /**
   * Says what the fields make.
   *
   * @param ready asked while no field hinders; empty where there is nothing to change
   */
  public void makes(Supplier<Optional<Change<T>>> ready) {
    makes = ready;
  }

  /** What would run; empty while something is missing or wrong. */
  public ReadOnlyObjectProperty<Optional<Change<T>>> change() {
    return change.getReadOnlyProperty();
  }

  @Override
  public ObservableValue<String> preview() {
    return preview;
  }

  @Override
  void prepare(boolean sound) {
    change.set(sound ? makes.get() : Optional.empty());
  }

  public void submit(Consumer<T> onDone) {
    submit(onDone, _ -> {});
  }

  /**
   * Looks at the fields once more, and makes the change when nothing stands in the way and none is
   * under way.
   *
   * @param onRefused called also when a field tells the refusal
   */
  public void submit(Consumer<T> onDone, Consumer<Failure> onRefused) {
    if (!busy().get()) {
      insist();
      change.get().filter(_ -> isComplete()).ifPresent(ready -> run(ready, onDone, onRefused));
    }
  }

  /** Makes the change exactly as it was shown last; where there is none, the fields say why. */
  public void submitAsShown(Consumer<T> onDone, Consumer<Failure> onRefused) {
    if (!busy().get()) {
      change.get().ifPresentOrElse(ready -> run(ready, onDone, onRefused), this::insist);
    }
  }

  private void run(Change<T> ready, Consumer<T> onDone, Consumer<Failure> onRefused) {
    begin();
    changes.run(
        ready,
        done -> {
          end();
          onDone.accept(done);
        },
        refused -> {
          end();
          if (!take(refused)) {
            tell(refused);
          }
          onRefused.accept(refused);
        });
  }
}
