package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyDetails;
import dev.latchkey.keys.KeySource;
import dev.latchkey.kit.drawer.OpenDetails;
import dev.latchkey.rows.Failure;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javafx.beans.property.ReadOnlyObjectProperty;

/** The one key whose details are open. */
public final class KeyDrawerViewModel {
  private final OpenDetails<UUID, KeyDetails> drawn;

  /** When details that are there cannot be read again the table tells it: once is enough. */
  KeyDrawerViewModel(KeySource source, Tasks tasks) {
    this.drawn =
        new OpenDetails<>(
            tasks,
            "Loading a key",
            "The key is not there any more.",
            source::details,
            known -> !known.usage().isEmpty());
  }

  /** Whose details are open. */
  public ReadOnlyObjectProperty<Optional<UUID>> open() {
    return drawn.open();
  }

  /** The details as they were last read; of a key that was just opened, only the row at first. */
  public ReadOnlyObjectProperty<Optional<KeyDetails>> details() {
    return drawn.details();
  }

  public ReadOnlyObjectProperty<Optional<Failure>> failure() {
    return drawn.failure();
  }

  /** Shows {@code key} at once as the table has it, and then all that is known of it. */
  public void show(ApiKey key) {
    drawn.show(key.id(), new KeyDetails(key, List.of(), List.of()));
  }

  public void close() {
    drawn.close();
  }

  /** Reads the details again. */
  public void reload() {
    drawn.reload();
  }
}
