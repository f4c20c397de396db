package dev.latchkey.keys.screen;

import dev.latchkey.change.Change;
import dev.latchkey.change.TextRules;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyChanges;
import dev.latchkey.kit.form.FormProblems;
import dev.latchkey.kit.form.Submission;
import dev.latchkey.rows.Failure;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** Ending a key for good, with the reason that the audit log keeps. */
public final class RevokeKeyViewModel {
  private final ApiKey key;
  private final KeyChanges changes;
  private final Consumer<ApiKey> onTouched;
  private final StringProperty reason = new SimpleStringProperty("");
  private final FormProblems<KeyField> problems = new FormProblems<>(KeyField.class);
  private final Submission<ApiKey> submission;

  /**
   * @param onTouched told when the key is, or may be, otherwise than it was read
   */
  RevokeKeyViewModel(ApiKey key, KeyChanges changes, Consumer<ApiKey> onTouched) {
    this.key = key;
    this.changes = changes;
    this.submission = new Submission<>(changes.changes(), problems::take, this::check);
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
    return submission.change();
  }

  public ReadOnlyObjectProperty<Optional<Failure>> failure() {
    return submission.failure();
  }

  public ReadOnlyBooleanProperty busy() {
    return submission.busy();
  }

  public void revoke(Runnable onDone) {
    submission.insist();
    if (TextRules.trimmed(reason.get()).isEmpty()) {
      return;
    }
    submission.run(
        revoked -> {
          onDone.run();
          onTouched.accept(revoked);
        },
        _ -> onTouched.accept(key));
  }

  private void check() {
    String text = TextRules.trimmed(reason.get());
    Optional<String> problem =
        text.isEmpty()
            ? Optional.of("Say why: the reason stays in the audit log.")
                .filter(_ -> submission.wasTried())
            : TextRules.noteProblem(reason.get());
    problems.set(KeyField.REASON, problem);
    submission.prepare(
        TextRules.noteProblem(reason.get()).isPresent()
            ? Optional.empty()
            : Optional.of(
                changes.calls().revoke(key, Optional.of(text).filter(some -> !some.isEmpty()))));
  }
}
