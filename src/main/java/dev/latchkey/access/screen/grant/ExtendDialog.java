package dev.latchkey.access.screen.grant;

import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Button;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** Moves the end of a grant to a later time. */
public final class ExtendDialog {
  private final FormParts parts;
  private final TextField reason = new TextField();
  private final Dialog dialog;

  public ExtendDialog(ExtendViewModel model, FormParts parts) {
    this.parts = parts;
    reason.setId("extend-reason");
    String now =
        model
            .grant()
            .expiresAt()
            .map(
                at ->
                    "Ends %s, in %s.".formatted(parts.times().minute(at), parts.times().until(at)))
            .orElse("Has no end.");
    VBox body =
        new VBox(
            14,
            parts.trouble(model.submission().failure()),
            new Note(Tone.NEUTRAL, model.grant().title(), now),
            parts.end("Longer by", model.end(), model.problems().of(AccessField.END)),
            parts.reason(
                model.reason(),
                model.problems().of(AccessField.REASON),
                model.policy().reasonRule(),
                reason),
            parts.preview(model.change(), "The call appears here when the form is complete.", 5));
    Button cancel = new Button("Cancel");
    Button extend = new Button();
    extend.setId("extend-confirm");
    parts.markConfirming(extend);
    extend.disableProperty().bind(model.submission().busy());
    model.end().onChange(() -> extend.setText(model.verb()));
    extend.setText(model.verb());
    this.dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.ACCESS,
            Tone.NEUTRAL,
            "Extend " + model.grant().title(),
            body,
            Dialog.spring(),
            cancel,
            extend);
    dialog.setId("extend-dialog");
    cancel.setOnAction(_ -> parts.dialogs().close(dialog));
    extend.setOnAction(_ -> model.extend(() -> parts.dialogs().close(dialog)));
  }

  public void show() {
    parts.dialogs().show(dialog);
    reason.requestFocus();
  }
}
