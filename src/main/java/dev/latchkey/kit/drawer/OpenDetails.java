package dev.latchkey.kit.drawer;

import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Gone;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * The one thing whose details are open in a drawer, and what is known of it so far. For the JavaFX
 * thread.
 *
 * @param <K> what names it
 * @param <D> its details
 */
public final class OpenDetails<K, D> {
  private final ReadOnlyObjectWrapper<Optional<K>> open =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<D>> details =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<Failure>> failure =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final Latest latest;
  private final String loading;
  private final String gone;
  private final Function<K, Optional<D>> read;
  private final Predicate<D> quiet;

  /**
   * @param loading what is done meanwhile, for the list of tasks
   * @param gone what to say when it is not there any more
   * @param read asks the database; not on the JavaFX thread
   * @param quiet whether details that are there already need no word of it when reading them again
   *     fails
   */
  public OpenDetails(
      Tasks tasks, String loading, String gone, Function<K, Optional<D>> read, Predicate<D> quiet) {
    this.latest = new Latest(tasks);
    this.loading = loading;
    this.gone = gone;
    this.read = read;
    this.quiet = quiet;
  }

  /** Whose details are open. */
  public ReadOnlyObjectProperty<Optional<K>> open() {
    return open.getReadOnlyProperty();
  }

  /** The details as they were last read; of what was just opened, only the row at first. */
  public ReadOnlyObjectProperty<Optional<D>> details() {
    return details.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Optional<Failure>> failure() {
    return failure.getReadOnlyProperty();
  }

  /** Shows at once what its row tells already, and then everything; nothing where it is shown. */
  public void show(K key, D row) {
    if (open.get().equals(Optional.of(key))) {
      return;
    }
    failure.set(Optional.empty());
    open.set(Optional.of(key));
    details.set(Optional.of(row));
    reload();
  }

  /** Opens something of which nothing is known yet. */
  public void show(K key) {
    open.set(Optional.of(key));
    reload();
  }

  public void close() {
    latest.cancel();
    open.set(Optional.empty());
    details.set(Optional.empty());
    failure.set(Optional.empty());
  }

  /** Reads the details again. */
  public void reload() {
    open.get().ifPresent(this::load);
  }

  private void load(K key) {
    latest.start(
        loading,
        () -> read.apply(key),
        found -> {
          failure.set(found.isPresent() ? Optional.empty() : Optional.of(new Gone(gone)));
          found.ifPresent(known -> details.set(Optional.of(known)));
        },
        problem -> failed(FailureException.failureOf(problem)));
  }

  private void failed(Failure problem) {
    failure.set(details.get().filter(quiet).isPresent() ? Optional.empty() : Optional.of(problem));
  }
}
