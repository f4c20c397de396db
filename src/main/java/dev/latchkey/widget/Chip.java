package dev.latchkey.widget;

import javafx.scene.control.Label;

/** A short technical value such as a scope or a network, in the data font. */
public final class Chip extends Label {
  private Chip(String text) {
    super(text);
    getStyleClass().add("lk-chip");
  }

  public static Chip of(String text) {
    return new Chip(text);
  }

  /** One that deserves a second look, such as a wildcard. */
  public static Chip warning(String text) {
    return toned(text, Tone.WARNING);
  }

  public static Chip toned(String text, Tone tone) {
    Chip chip = new Chip(text);
    tone.applyTo(chip);
    return chip;
  }

  /** "+5": so many more than fit. */
  public static Chip more(int count) {
    Chip chip = new Chip("+" + count);
    chip.getStyleClass().add("lk-more");
    chip.setMinWidth(USE_PREF_SIZE);
    chip.setAccessibleText(count + " more");
    return chip;
  }
}
