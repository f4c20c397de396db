package dev.latchkey.kit.form;

import dev.latchkey.change.Change;
import dev.latchkey.change.Changes;
import dev.latchkey.rows.Failure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;

/**
 * A form that makes several changes, previewed as they run, one after the other, also after one was
 * refused.
 *
 * @param <F> the fields
 * @param <T> what a change answers
 */
public final class FormOfMany<F extends Enum<F> & FormProblems.Field, T> extends FormProblems<F> {
  private final Changes changes;
  private final ReadOnlyObjectWrapper<List<Change<T>>> planned =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ObservableValue<String> preview =
      planned.map(
          now ->
              now.stream()
                  .map(change -> change.request().preview() + ";")
                  .collect(Collectors.joining("\n\n")));
  private Supplier<List<Change<T>>> makes = List::of;

  public FormOfMany(Class<F> fields, Changes changes) {
    super(fields);
    this.changes = changes;
  }

  /**
   * Says what the fields make.
   *
   * @param ready asked while no field hinders
   */
  public void makes(Supplier<List<Change<T>>> ready) {
    makes = ready;
  }

  /** The changes as they would run now, in order; none while something is missing or wrong. */
  public ReadOnlyObjectProperty<List<Change<T>>> planned() {
    return planned.getReadOnlyProperty();
  }

  @Override
  public ObservableValue<String> preview() {
    return preview;
  }

  @Override
  void prepare(boolean sound) {
    planned.set(sound ? makes.get() : List.of());
  }

  /**
   * Looks at the fields, and makes the changes when nothing stands in the way and none is under
   * way. When one was made, the form asks for what is left as if it were new.
   *
   * @param onStart called before the first
   * @param onEnd told each one's refusal, in order; empty where it was made
   */
  public void submit(Runnable onStart, Consumer<List<Optional<Failure>>> onEnd) {
    if (busy().get()) {
      return;
    }
    insist();
    if (!planned.get().isEmpty() && isComplete()) {
      begin();
      onStart.run();
      next(planned.get().iterator(), new ArrayList<>(), onEnd);
    }
  }

  private void next(
      Iterator<Change<T>> left,
      List<Optional<Failure>> told,
      Consumer<List<Optional<Failure>>> onEnd) {
    if (!left.hasNext()) {
      end();
      if (told.stream().anyMatch(Optional::isEmpty)) {
        forgive();
      }
      onEnd.accept(List.copyOf(told));
      return;
    }
    changes.run(
        left.next(),
        _ -> {
          told.add(Optional.empty());
          next(left, told, onEnd);
        },
        refused -> {
          told.add(Optional.of(refused));
          next(left, told, onEnd);
        });
  }
}
