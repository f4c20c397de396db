package dev.latchkey.widget;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.Toggle;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/**
 * A choice of one among a few, all of them visible, each with a count where there is one to tell.
 *
 * @param <T> what is chosen
 */
public final class Segments<T> extends HBox {
  private final ToggleGroup group = new ToggleGroup();
  private final Map<T, ToggleButton> buttons = new LinkedHashMap<>();
  private final Map<T, Label> counts = new LinkedHashMap<>();
  private final ObjectProperty<T> value = new SimpleObjectProperty<>(this, "value");

  public Segments() {
    getStyleClass().add("lk-segments");
    setMinWidth(USE_PREF_SIZE);
    setMaxWidth(USE_PREF_SIZE);
    setAlignment(Pos.CENTER_LEFT);
    value.subscribe(this::select);
    group.selectedToggleProperty().subscribe((before, now) -> keepOne(before, now));
  }

  /** Adds a choice at the right; the first one is chosen at first. */
  public Segments<T> add(T choice, String word) {
    return add(choice, word, Tone.NEUTRAL);
  }

  /** With a dot in the choice's colour. */
  public Segments<T> add(T choice, String word, Tone tone) {
    Label text = new Label(word);
    text.getStyleClass().add("lk-segment-label");
    Label count = new Label();
    count.getStyleClass().add("lk-segment-count");
    count.setManaged(false);
    HBox content = new HBox(6, text, count);
    if (tone != Tone.NEUTRAL) {
      content.getChildren().addFirst(dot(tone));
    }
    content.setAlignment(Pos.CENTER);
    ToggleButton button = new ToggleButton("", content);
    button.setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    button.setAccessibleText(word);
    button.setUserData(choice);
    button.setMinWidth(USE_PREF_SIZE);
    button.getStyleClass().add("lk-tone-" + tone.name().toLowerCase(Locale.ROOT));
    button.setToggleGroup(group);
    buttons.put(choice, button);
    counts.put(choice, count);
    getChildren().add(button);
    markEnds();
    if (value.get() == null) {
      value.set(choice);
    }
    return this;
  }

  public void showCount(T choice, long rows) {
    Label count = counts.get(choice);
    count.setText("%,d".formatted(rows));
    count.setManaged(true);
  }

  public ObjectProperty<T> valueProperty() {
    return value;
  }

  public T getValue() {
    return value.get();
  }

  public void setValue(T choice) {
    value.set(choice);
  }

  private void keepOne(Toggle before, Toggle now) {
    if (now == null) {
      if (before != null && before.getUserData().equals(value.get())) {
        before.setSelected(true);
      }
      return;
    }
    buttons.forEach(
        (choice, button) -> {
          if (button == now) {
            value.set(choice);
          }
        });
  }

  private void select(T choice) {
    ToggleButton button = buttons.get(choice);
    if (button != null) {
      group.selectToggle(button);
    }
  }

  private void markEnds() {
    getChildren().forEach(button -> button.getStyleClass().removeAll("lk-first", "lk-last"));
    getChildren().getFirst().getStyleClass().add("lk-first");
    getChildren().getLast().getStyleClass().add("lk-last");
  }

  private static Node dot(Tone tone) {
    Region dot = new Region();
    dot.getStyleClass().addAll("lk-dot", "lk-dot-8");
    tone.applyTo(dot);
    return dot;
  }
}
