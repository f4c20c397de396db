package dev.latchkey.access.screen.grant;

import dev.latchkey.access.ConnectionLines;
import dev.latchkey.access.Grant;
import dev.latchkey.database.Endpoint;
import dev.latchkey.kit.Desk;
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
public final class ConnectionDialog {
  private final Desk desk;
  private final Dialog dialog;

  public ConnectionDialog(Grant grant, Endpoint endpoint, Desk desk) {
    this.desk = desk;
    VBox body =
        new VBox(
            12,
            new Note(
                Tone.ACCENT, "The password is the member's access token. It is in no line here."));
    var connecting = new ConnectionLines(endpoint, grant.role());
    Map<String, String> lines = connecting.all();
    lines.forEach((name, line) -> body.getChildren().add(line(name, line)));
    connecting.note().map(ConnectionDialog::hint).ifPresent(body.getChildren()::add);
    if (!lines.containsKey("Pooler")) {
      body.getChildren()
          .add(hint("Pooler: this session came in without one, so its name is not known."));
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
    close.setOnAction(_ -> desk.dialogs().close(dialog));
  }

  public void show() {
    desk.dialogs().show(dialog);
  }

  private static Label hint(String text) {
    Label hint = new Label(text);
    hint.getStyleClass().add(Styles.HINT);
    hint.setWrapText(true);
    return hint;
  }

  private VBox line(String name, String text) {
    Label title = new Label(name);
    title.getStyleClass().add(Styles.FIELD_LABEL);
    CodePane code = new CodePane(desk.clipboard());
    code.show(text);
    code.wrapLines();
    code.showLines(2);
    return new VBox(4, title, code);
  }
}
