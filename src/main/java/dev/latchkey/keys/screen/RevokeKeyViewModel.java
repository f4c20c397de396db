package dev.latchkey.keys.screen;

import dev.latchkey.change.ReasonRule;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyChanges;
import dev.latchkey.kit.form.Form;
import dev.latchkey.kit.form.ReasonViewModel;
import java.util.Optional;
import java.util.function.Consumer;

/** Ending a key for good, with the reason that the audit log keeps. */
public final class RevokeKeyViewModel {
  private final ApiKey key;
  private final Consumer<ApiKey> onTouched;
  private final ReasonViewModel reason =
      new ReasonViewModel(new ReasonRule(true, Optional.empty()));
  private final Form<KeyField, ApiKey> form;

  /**
   * @param onTouched told when the key is, or may be, otherwise than it was read
   */
  RevokeKeyViewModel(ApiKey key, KeyChanges changes, Consumer<ApiKey> onTouched) {
    this.key = key;
    this.onTouched = onTouched;
    this.form = new Form<>(KeyField.class, changes.changes());
    form.makes(() -> Optional.of(changes.calls().revoke(key, reason.given())));
    reason.demandOf(form, KeyField.REASON);
  }

  public ApiKey key() {
    return key;
  }

  public ReasonViewModel reason() {
    return reason;
  }

  /** Shows what would run also without a reason, so that it can be read. */
  public Form<KeyField, ApiKey> form() {
    return form;
  }

  public void revoke(Runnable onDone) {
    form.submit(
        revoked -> {
          onDone.run();
          onTouched.accept(revoked);
        },
        _ -> onTouched.accept(key));
  }
}
