package dev.latchkey.access.screen.grant;

import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.kit.form.NetworksField;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Button;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** Changes the networks of a grant, and the start of one that has not begun. */
public final class EditGrantDialog {
  private final FormParts parts;
  private final Dialog dialog;

  public EditGrantDialog(EditGrantViewModel model, FormParts parts) {
    this.parts = parts;
    TextField reason = new TextField();
    reason.setId("edit-grant-reason");
    VBox body =
        new VBox(
            14,
            parts.trouble(model.submission().failure()),
            new NetworksField(model.networks(), model.problems().of(AccessField.NETWORKS)));
    if (model.grant().sessions() > 0) {
      body.getChildren()
          .add(
              new Note(
                  Tone.WARNING, "Sessions from an address that is no longer inside end at once."));
    }
    if (model.canMoveStart()) {
      body.getChildren()
          .add(
              new FormField(
                  "Starts", parts.moment(model.start()), model.problems().of(AccessField.START)));
    }
    body.getChildren()
        .addAll(
            parts.reason(
                model.reason(),
                model.problems().of(AccessField.REASON),
                model.policy().reasonRule(),
                reason),
            parts.preview(model.change(), "Nothing to change, or the form is incomplete.", 5));
    Button cancel = new Button("Cancel");
    Button save = new Button("Save changes");
    save.setId("edit-grant-save");
    parts.markConfirming(save);
    save.disableProperty().bind(model.submission().busy());
    this.dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.WRITE,
            Tone.NEUTRAL,
            "Edit " + model.grant().title(),
            body,
            Dialog.spring(),
            cancel,
            save);
    dialog.setId("edit-grant-dialog");
    cancel.setOnAction(_ -> parts.dialogs().close(dialog));
    save.setOnAction(_ -> model.save(() -> parts.dialogs().close(dialog)));
  }

  public void show() {
    parts.dialogs().show(dialog);
  }
}
