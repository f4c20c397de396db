package dev.latchkey.widget;

import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.Ikon;

/** A box with something to know before going on. */
public final class Note extends HBox {
  private final Label title = new Label();
  private final Label text = new Label();
  private final VBox icon = new VBox();
  private final VBox lines = new VBox(2, title, text);

  public Note(Tone tone, String text) {
    this(tone, "", text);
  }

  public Note(Tone tone, String title, String text) {
    getStyleClass().add("lk-note");
    tone.applyTo(this);
    this.title.getStyleClass().add("lk-note-title");
    this.text.getStyleClass().add("lk-note-text");
    this.title.setWrapText(true);
    this.text.setWrapText(true);
    this.text.setMinHeight(USE_PREF_SIZE);
    this.title.setMinHeight(USE_PREF_SIZE);
    this.title.managedProperty().bind(this.title.textProperty().isNotEmpty());
    this.text.managedProperty().bind(this.text.textProperty().isNotEmpty());
    HBox.setHgrow(lines, Priority.ALWAYS);
    lines.setAlignment(Pos.CENTER_LEFT);
    icon.getChildren().setAll(Icons.of(iconFor(tone), 16, tone));
    icon.setPadding(new Insets(1, 0, 0, 0));
    getChildren().addAll(icon, lines);
    show(title, text);
  }

  public void show(String title, String text) {
    this.title.setText(title);
    this.text.setText(text);
    setAccessibleText((title + " " + text).strip());
  }

  /** Adds something to do at the right. */
  public Note with(Node action) {
    getChildren().add(action);
    icon.setAlignment(Pos.CENTER);
    setAlignment(Pos.CENTER_LEFT);
    return this;
  }

  private static Ikon iconFor(Tone tone) {
    return switch (tone) {
      case NEUTRAL, ACCENT -> Icons.INFO;
      case SUCCESS -> Icons.OK;
      case WARNING -> Icons.WARNING;
      case DANGER -> Icons.ALERT;
    };
  }
}
