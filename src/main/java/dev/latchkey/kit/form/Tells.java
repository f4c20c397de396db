package dev.latchkey.kit.form;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.value.ObservableValue;

/** When a field says what is wrong with it. */
@FunctionalInterface
public interface Tells {
  Tells AT_ONCE = _ -> true;

  /** Not before somebody tried to submit the form. */
  Tells ONCE_TRIED = tried -> tried;

  boolean now(boolean tried);

  /** While there is something in the field, and from the first try on. */
  static Tells whileFilled(ObservableValue<Boolean> filled) {
    return tried -> tried || filled.getValue();
  }

  /** From the first change on. */
  static Tells onceChanged(ObservableValue<?> value) {
    BooleanProperty changed = new SimpleBooleanProperty(false);
    value.subscribe((_, _) -> changed.set(true));
    return whileFilled(changed);
  }
}
