package dev.latchkey.widget;

import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import org.kordamp.ikonli.Ikon;

/** Nothing to show, and why: an icon, a title, a sentence or two, and perhaps the first action. */
public final class EmptyPane extends VBox {
  private static final double LINE = 440;

  public EmptyPane(Ikon icon, String title, String text, Node... actions) {
    getStyleClass().add("lk-state");
    Label heading = wrapped(title, "lk-state-title");
    Label body = wrapped(text, "lk-state-text");
    getChildren().addAll(Icons.of(icon, 32, Tone.NEUTRAL), heading, body);
    for (Node action : actions) {
      VBox.setMargin(action, new Insets(8, 0, 0, 0));
      getChildren().add(action);
    }
    setAccessibleText(title + ". " + text);
  }

  private static Label wrapped(String text, String styleClass) {
    Label label = new Label(text);
    label.getStyleClass().add(styleClass);
    label.setWrapText(true);
    label.setMaxWidth(LINE);
    label.setTextAlignment(TextAlignment.CENTER);
    label.setMinHeight(USE_PREF_SIZE);
    return label;
  }
}
