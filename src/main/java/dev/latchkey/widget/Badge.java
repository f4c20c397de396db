package dev.latchkey.widget;

import javafx.scene.control.Label;
import javafx.scene.layout.Region;

/** A status: a dot and a word in the status's colour. */
public final class Badge extends Label {
  private final Region dot = new Region();

  public Badge() {
    this("", Tone.NEUTRAL);
  }

  public Badge(String word, Tone tone) {
    getStyleClass().add("lk-badge");
    setMinWidth(USE_PREF_SIZE);
    dot.getStyleClass().add("lk-dot");
    setGraphic(dot);
    show(word, tone);
  }

  /** Changes what it says; cells use one badge for many rows. */
  public void show(String word, Tone tone) {
    setText(word);
    tone.applyTo(this);
    tone.applyTo(dot);
  }
}
