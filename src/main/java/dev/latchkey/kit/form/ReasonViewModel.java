package dev.latchkey.kit.form;

import dev.latchkey.change.ReasonRule;
import java.util.Optional;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** Why a change is made, for the audit log. */
public final class ReasonViewModel {
  private final ReasonRule rule;
  private final StringProperty text = new SimpleStringProperty("");

  public ReasonViewModel(ReasonRule rule) {
    this.rule = rule;
  }

  public ReasonRule rule() {
    return rule;
  }

  public StringProperty text() {
    return text;
  }

  /** As it is stored; empty when none was given. */
  public Optional<String> given() {
    return ReasonRule.clean(text.get());
  }

  public Optional<String> problem() {
    return rule.problem(text.get());
  }

  /** What is wrong with what is there; a missing reason is not. */
  public Optional<String> mistake() {
    return ReasonRule.NONE.problem(text.get());
  }

  /** Tells what is missing or wrong while there is something, and from the first try on. */
  public <F extends Enum<F> & FormProblems.Field> void ruleOf(FormProblems<F> form, F field) {
    form.rule(field, Tells.whileFilled(text.isNotEmpty()), this::problem);
    form.follows(text);
  }

  /** The change is shown also without a reason, and is not made without it where it is required. */
  public <F extends Enum<F> & FormProblems.Field> void demandOf(FormProblems<F> form, F field) {
    form.rule(field, Tells.AT_ONCE, this::mistake);
    form.demand(field, this::problem);
    form.follows(text);
  }
}
