package dev.latchkey.access;

import dev.latchkey.database.Endpoint;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.Map;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** How to connect as a grant's role, to copy. The token is in none of the lines. */
final class ConnectionDialog {
  private final FormParts parts;
  private final Dialog dialog;

  ConnectionDialog(Grant grant, Endpoint endpoint, FormParts parts) {
    this.parts = parts;
    VBox body =
        new VBox(
            12,
            new Note(
                Tone.ACCENT, "The password is the member's access token. It is in no line here."));
    Map<String, String> lines = new ConnectionLines(endpoint, grant.role()).all();
    lines.forEach((name, line) -> body.getChildren().add(line(name, line)));
    if (!lines.containsKey("Pooler")) {
      Label none = new Label("Pooler: this session came in without one, so its name is not known.");
      none.getStyleClass().add(Styles.HINT);
      none.setWrapText(true);
      body.getChildren().add(none);
    }
    Button close = new Button("Close");
    this.dialog =
        new Dialog(
            Dialog.WIDE,
            Icons.LINK,
            Tone.NEUTRAL,
            "Connect as " + grant.role(),
            body,
            Dialog.spring(),
            close);
    dialog.setId("connection-dialog");
    close.setOnAction(_ -> parts.dialogs().close(dialog));
  }

  void show() {
    parts.dialogs().show(dialog);
  }

  private VBox line(String name, String text) {
    Label title = new Label(name);
    title.getStyleClass().add(Styles.FIELD_LABEL);
    CodePane code = new CodePane(parts.clipboard());
    code.show(text);
    code.wrapLines();
    code.showLines(2);
    return new VBox(4, title, code);
  }
}
