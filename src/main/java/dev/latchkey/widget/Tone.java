package dev.latchkey.widget;

import java.util.List;
import javafx.css.Styleable;

/** What a colour means. It always goes with a word: nobody has to tell colours apart. */
public enum Tone {
  NEUTRAL("lk-neutral"),
  ACCENT("lk-accent"),
  SUCCESS("lk-success"),
  WARNING("lk-warning"),
  DANGER("lk-danger");

  private final String styleClass;

  Tone(String styleClass) {
    this.styleClass = styleClass;
  }

  public String styleClass() {
    return styleClass;
  }

  /** Gives {@code node} this tone in place of the one it had. */
  public void applyTo(Styleable node) {
    if (node.getStyleClass().contains(styleClass)) {
      return;
    }
    node.getStyleClass().removeAll(List.of(values()).stream().map(Tone::styleClass).toList());
    node.getStyleClass().add(styleClass);
  }
}
