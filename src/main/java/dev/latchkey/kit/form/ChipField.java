package dev.latchkey.kit.form;

import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;

/**
 * A field that holds several values, each with a cross to take it out, and at the end what adds
 * one.
 *
 * @param <T> a value
 */
public final class ChipField<T> extends FlowPane {
  private final ObservableList<T> values;
  private final Function<T, String> text;
  private final Consumer<T> remove;
  private final Node adder;

  public ChipField(
      ObservableList<T> values, Function<T, String> text, Consumer<T> remove, Node adder) {
    this.values = values;
    this.text = text;
    this.remove = remove;
    this.adder = adder;
    getStyleClass().add("lk-chip-field");
    setPrefWrapLength(200);
    values.addListener((ListChangeListener<T>) _ -> draw());
    draw();
  }

  private void draw() {
    List<Node> parts = new ArrayList<>();
    values.forEach(value -> parts.add(chip(value)));
    parts.add(adder);
    if (!getChildren().equals(parts)) {
      boolean focused = adder.isFocused();
      getChildren().removeIf(node -> node != adder);
      if (getChildren().isEmpty()) {
        getChildren().setAll(parts);
      } else {
        getChildren().addAll(0, parts.subList(0, parts.size() - 1));
      }
      if (focused) {
        adder.requestFocus();
      }
    }
  }

  private HBox chip(T value) {
    Label label = new Label(text.apply(value));
    Button cross =
        Icons.button(Icons.CLOSE, "Remove " + text.apply(value), () -> remove.accept(value));
    cross.getStyleClass().remove(Styles.SMALL);
    cross.getStyleClass().add(Styles.IN_CARD);
    HBox chip = new HBox(label, cross);
    chip.setAlignment(Pos.CENTER_LEFT);
    chip.getStyleClass().add("lk-removable");
    return chip;
  }
}
