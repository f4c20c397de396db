package dev.latchkey.keys;

import dev.latchkey.database.DatabaseException;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The one key whose details are open. */
public final class KeyDrawerViewModel {
  private final KeySource source;
  private final Latest latest;
  private final ReadOnlyObjectWrapper<Optional<UUID>> open =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<KeyDetails>> details =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<DatabaseFailure>> failure =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  KeyDrawerViewModel(KeySource source, Tasks tasks) {
    this.source = source;
    this.latest = new Latest(tasks);
  }

  /** Whose details are open. */
  public ReadOnlyObjectProperty<Optional<UUID>> open() {
    return open.getReadOnlyProperty();
  }

  /** The details as they were last read; of a key that was just opened, only the row at first. */
  public ReadOnlyObjectProperty<Optional<KeyDetails>> details() {
    return details.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Optional<DatabaseFailure>> failure() {
    return failure.getReadOnlyProperty();
  }

  /** Shows {@code key} at once as the table has it, and then all that is known of it. */
  public void show(ApiKey key) {
    boolean other = !open.get().equals(Optional.of(key.id()));
    open.set(Optional.of(key.id()));
    if (other) {
      failure.set(Optional.empty());
      details.set(Optional.of(new KeyDetails(key, List.of(), List.of())));
    }
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

  private void load(UUID id) {
    latest.start(
        "Loading a key",
        () -> source.details(id),
        found -> {
          failure.set(
              found.isPresent()
                  ? Optional.empty()
                  : Optional.of(new DatabaseFailure.NotFound("The key is not there any more")));
          found.ifPresent(known -> details.set(Optional.of(known)));
        },
        problem -> failed(DatabaseException.failureOf(problem)));
  }

  /** Details that are there stay, and the table tells that it cannot be read: once is enough. */
  private void failed(DatabaseFailure problem) {
    boolean loaded = details.get().filter(known -> !known.usage().isEmpty()).isPresent();
    failure.set(loaded ? Optional.empty() : Optional.of(problem));
  }
}
