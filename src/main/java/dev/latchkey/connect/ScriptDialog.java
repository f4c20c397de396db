package dev.latchkey.connect;

import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Button;
import javafx.scene.control.TextArea;

/** The SQL that installing runs, to read before it does. */
final class ScriptDialog {
  private static final int LINES = 28;

  private final DialogLayer layer;
  private final TimedClipboard clipboard;

  ScriptDialog(DialogLayer layer, TimedClipboard clipboard) {
    this.layer = layer;
    this.clipboard = clipboard;
  }

  void show(String script) {
    TextArea text = new TextArea(script);
    text.setId("schema-script");
    text.setEditable(false);
    text.setPrefRowCount(LINES);
    text.getStyleClass().add(Styles.MONO);
    text.setAccessibleText("The schema's SQL");
    Button copy = new Button("Copy", Icons.of(Icons.COPY, 14));
    copy.setOnAction(_ -> clipboard.copy(script));
    Button close = new Button("Close");
    Dialog dialog =
        new Dialog(
            Dialog.SHEET,
            Icons.DATABASE,
            Tone.NEUTRAL,
            "The schema's SQL",
            text,
            copy,
            Dialog.spring(),
            close);
    close.setOnAction(_ -> layer.close(dialog));
    layer.show(dialog);
  }
}
