package dev.latchkey.kit;

import dev.latchkey.change.Changes;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** Whether changes can be made now. Looks again by itself when write mode comes to its end. */
public final class WritePermission {
  private final String what;
  private final Optional<Changes> changes;
  private final Clock clock;
  private final Latest end;
  private final ReadOnlyObjectWrapper<Optional<String>> obstacle =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper readOnly = new ReadOnlyBooleanWrapper(false);

  /**
   * @param what is to be changed, in the plural ("keys")
   * @param changes empty where nothing can be changed at all
   */
  public WritePermission(String what, Optional<Changes> changes, Tasks tasks, Clock clock) {
    this.what = what;
    this.changes = changes;
    this.clock = clock;
    this.end = new Latest(tasks);
    changes.ifPresent(known -> known.onChange(this::look));
    look();
  }

  /** Why nothing can be changed now; empty when changes are possible. */
  public ReadOnlyObjectProperty<Optional<String>> obstacle() {
    return obstacle.getReadOnlyProperty();
  }

  /** Whether turning on write mode would help. */
  public ReadOnlyBooleanProperty readOnly() {
    return readOnly.getReadOnlyProperty();
  }

  /** Says that write mode is what is missing, for the line below the buttons. */
  public String whyReadOnly() {
    return "Read-only: %s cannot be changed.".formatted(what);
  }

  /** Asks again, and answers whether changes are possible. */
  public boolean isGiven() {
    look();
    return obstacle.get().isEmpty();
  }

  /** Asks again whether changes are possible. */
  public void look() {
    readOnly.set(changes.filter(Changes::isReadOnly).isPresent());
    obstacle.set(
        changes
            .map(known -> known.obstacle(what))
            .orElse(Optional.of("This source is read-only.")));
    changes
        .flatMap(Changes::endsAt)
        .map(at -> Math.max(0, Duration.between(clock.instant(), at).toMillis()) + 1)
        .ifPresentOrElse(left -> end.later(left, this::look), end::cancel);
  }
}
