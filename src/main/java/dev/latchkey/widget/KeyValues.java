package dev.latchkey.widget;

import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;

/** Facts, one in a line: its name at the left, its value at the right. */
public final class KeyValues extends GridPane {
  private static final double NAMES = 100;

  private int rows;

  public KeyValues() {
    getStyleClass().add("lk-facts");
    ColumnConstraints names = new ColumnConstraints(NAMES);
    ColumnConstraints values = new ColumnConstraints();
    values.setHgrow(Priority.ALWAYS);
    values.setMinWidth(0);
    getColumnConstraints().setAll(names, values);
  }

  /** Adds a fact and answers the label with its value, for changing it later. */
  public Label add(String name, String value) {
    Label label = new Label(value);
    label.getStyleClass().add("lk-fact-value");
    label.setWrapText(true);
    add(name, label);
    return label;
  }

  /** In the data font: keys, addresses, roles. */
  public Label addMono(String name, String value) {
    Label label = add(name, value);
    label.getStyleClass().add(Styles.MONO);
    return label;
  }

  public void add(String name, Node value) {
    Label label = new Label(name);
    label.getStyleClass().add("lk-fact-name");
    label.setLabelFor(value);
    label.setMinHeight(20);
    GridPane.setValignment(label, VPos.TOP);
    addRow(rows++, label, value);
  }

  public void clear() {
    getChildren().clear();
    rows = 0;
  }
}
