package dev.latchkey.access.screen.grant;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Policy;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.form.EndChoice;
import dev.latchkey.kit.form.EndViewModel;
import dev.latchkey.kit.form.Form;
import dev.latchkey.kit.form.ReasonViewModel;
import dev.latchkey.kit.form.Tells;
import java.time.Clock;

/** Moves the end of a grant to a later time. */
public final class ExtendViewModel {
  private final Grant grant;
  private final Runnable onTouched;
  private final EndViewModel end;
  private final ReasonViewModel reason;
  private final Form<AccessField, Grant> form;

  /**
   * @param onTouched told when the grant is, or may be, otherwise than it was read
   */
  public ExtendViewModel(
      Grant grant, AccessChanges changes, Policy policy, Clock clock, Runnable onTouched) {
    this.grant = grant;
    this.onTouched = onTouched;
    this.reason = new ReasonViewModel(policy.reasonRule());
    this.end =
        EndViewModel.within(
            policy.longest(),
            EndChoice.OF_GRANTS,
            EndChoice.HOUR,
            clock,
            () -> grant.expiresAt().orElse(grant.startsAt()));
    this.form = new Form<>(AccessField.class, changes.changes());
    form.rule(AccessField.END, Tells.AT_ONCE, end::problem);
    reason.ruleOf(form, AccessField.REASON);
    form.makes(() -> end.end().map(at -> changes.calls().extend(grant, at, reason.given())));
    form.follows(end);
  }

  public Grant grant() {
    return grant;
  }

  /** The time that is added to the present end, or another end. */
  public EndViewModel end() {
    return end;
  }

  public ReasonViewModel reason() {
    return reason;
  }

  public Form<AccessField, Grant> form() {
    return form;
  }

  /** {@code Extend by 4 h}: what the button says. */
  public String verb() {
    return end.length().map(length -> "Extend by " + length).orElse("Extend grant");
  }

  public void extend(Runnable onDone) {
    form.submit(
        _ -> {
          onDone.run();
          onTouched.run();
        },
        _ -> onTouched.run());
  }
}
