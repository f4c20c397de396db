package dev.latchkey.keys;

import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** Whether keys can be changed now. Looks again by itself when write mode comes to its end. */
final class KeyPermission {
  private final Optional<KeyChanges> changes;
  private final Clock clock;
  private final Latest end;
  private final ReadOnlyObjectWrapper<Optional<String>> obstacle =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper readOnly = new ReadOnlyBooleanWrapper(false);

  KeyPermission(Optional<KeyChanges> changes, Tasks tasks, Clock clock) {
    this.changes = changes;
    this.clock = clock;
    this.end = new Latest(tasks);
    changes.ifPresent(known -> known.onChange(this::look));
    look();
  }

  ReadOnlyObjectProperty<Optional<String>> obstacle() {
    return obstacle.getReadOnlyProperty();
  }

  ReadOnlyBooleanProperty readOnly() {
    return readOnly.getReadOnlyProperty();
  }

  void look() {
    readOnly.set(changes.filter(KeyChanges::isReadOnly).isPresent());
    obstacle.set(
        changes.map(KeyChanges::obstacle).orElse(Optional.of("This source is read-only.")));
    changes
        .flatMap(KeyChanges::endsAt)
        .map(at -> Math.max(0, Duration.between(clock.instant(), at).toMillis()) + 1)
        .ifPresentOrElse(left -> end.later(left, this::look), end::cancel);
  }
}
