package dev.latchkey.access.screen.grant;

import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.kit.form.MomentField;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Tone;
import javafx.scene.layout.VBox;

/** Changes the networks of a grant, and the start of one that has not begun. */
public final class EditGrantDialog {
  private EditGrantDialog() {}

  public static void show(EditGrantViewModel model, Desk desk) {
    var parts = new FormParts<>(desk, model.form());
    VBox body = parts.body(parts.networks(model.networks(), AccessField.NETWORKS));
    if (model.grant().sessions() > 0) {
      body.getChildren()
          .add(
              new Note(
                  Tone.WARNING, "Sessions from an address that is no longer inside end at once."));
    }
    if (model.canMoveStart()) {
      body.getChildren()
          .add(parts.field("Starts", new MomentField(model.start()), AccessField.START));
    }
    body.getChildren()
        .addAll(
            parts.reason(
                model.reason(), FormParts.text("edit-grant-reason", ""), AccessField.REASON),
            parts.preview("Nothing to change, or the form is incomplete.", 5));
    parts
        .dialog("edit-grant-dialog", Icons.WRITE, "Edit " + model.grant().title(), body)
        .confirms("Save changes", "edit-grant-save", model::save)
        .show();
  }
}
