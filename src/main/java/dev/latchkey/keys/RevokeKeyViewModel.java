package dev.latchkey.keys;

import dev.latchkey.database.Change;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.widget.FormProblems;
import dev.latchkey.widget.TextRules;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** Ending a key for good, with the reason that the audit log keeps. */
public final class RevokeKeyViewModel {
  private final ApiKey key;
  private final KeyChanges changes;
  private final Consumer<ApiKey> onTouched;
  private final StringProperty reason = new SimpleStringProperty("");
  private final FormProblems<KeyField> problems = new FormProblems<>(KeyField.class);
  private final ReadOnlyObjectWrapper<Optional<Change<ApiKey>>> change =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<DatabaseFailure>> failure =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
  private boolean strict;

  /**
   * @param onTouched told when the key is, or may be, otherwise than it was read
   */
  RevokeKeyViewModel(ApiKey key, KeyChanges changes, Consumer<ApiKey> onTouched) {
    this.key = key;
    this.changes = changes;
    this.onTouched = onTouched;
    reason.subscribe(this::check);
    check();
  }

  public ApiKey key() {
    return key;
  }

  public StringProperty reason() {
    return reason;
  }

  public FormProblems<KeyField> problems() {
    return problems;
  }

  /** What would run; there also without a reason, so that it can be read. */
  public ReadOnlyObjectProperty<Optional<Change<ApiKey>>> change() {
    return change.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Optional<DatabaseFailure>> failure() {
    return failure.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  public void revoke(Runnable onDone) {
    strict = true;
    check();
    Optional<Change<ApiKey>> ready = change.get();
    if (busy.get() || ready.isEmpty() || TextRules.trimmed(reason.get()).isEmpty()) {
      return;
    }
    busy.set(true);
    failure.set(Optional.empty());
    changes
        .changes()
        .run(
            ready.get(),
            revoked -> {
              busy.set(false);
              onDone.run();
              onTouched.accept(revoked);
            },
            refused -> {
              busy.set(false);
              if (!problems.take(refused)) {
                failure.set(Optional.of(refused));
              }
              onTouched.accept(key);
            });
  }

  private void check() {
    String text = TextRules.trimmed(reason.get());
    Optional<String> problem =
        text.isEmpty()
            ? Optional.of("Say why: the reason stays in the audit log.").filter(_ -> strict)
            : TextRules.noteProblem(reason.get());
    problems.set(KeyField.REASON, problem);
    change.set(
        TextRules.noteProblem(reason.get()).isPresent()
            ? Optional.empty()
            : Optional.of(
                changes.calls().revoke(key, Optional.of(text).filter(some -> !some.isEmpty()))));
  }
}
