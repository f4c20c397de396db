package dev.latchkey.widget;

import javafx.scene.control.Label;

/** What kind of thing a row is: an outlined word. */
public final class KindBadge extends Label {
  /** How much the kind stands out: dashed means that it belongs to the past. */
  public enum Emphasis {
    PLAIN,
    STRONG,
    DASHED
  }

  public KindBadge() {
    this("", Emphasis.PLAIN);
  }

  public KindBadge(String word, Emphasis emphasis) {
    getStyleClass().add("lk-kind");
    setMinWidth(USE_PREF_SIZE);
    show(word, emphasis);
  }

  public void show(String word, Emphasis emphasis) {
    setText(word);
    getStyleClass().removeAll("lk-kind-strong", "lk-kind-dashed");
    switch (emphasis) {
      case PLAIN -> {}
      case STRONG -> getStyleClass().add("lk-kind-strong");
      case DASHED -> getStyleClass().add("lk-kind-dashed");
    }
  }
}
