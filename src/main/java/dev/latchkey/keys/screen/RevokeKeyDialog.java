package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.FormDialog;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import javafx.scene.control.TextArea;

/** Asks for the reason, shows the call, and ends a key for good. */
final class RevokeKeyDialog {
  private RevokeKeyDialog() {}

  static void show(RevokeKeyViewModel model, Desk desk) {
    TextArea reason = FormParts.area("revoke-reason");
    reason.setPromptText("Such as: leaked in a log file, replaced by another key");
    reason.textProperty().bindBidirectional(model.reason().text());
    CodePane code = new CodePane(desk.clipboard());
    model
        .form()
        .change()
        .subscribe(change -> change.ifPresent(ready -> code.show(ready.request().preview())));
    var parts = new FormParts<>(desk, model.form());
    var body =
        parts.body(
            new Note(
                Tone.DANGER,
                "Calls with this key are refused from now on.",
                facts(model.key(), desk.times())),
            parts.field("Reason", reason, KeyField.REASON),
            code);
    new FormDialog(
            desk,
            model.form(),
            "revoke-key",
            Dialog.NORMAL,
            Icons.WARNING,
            Tone.DANGER,
            "Revoke " + model.key().name(),
            body)
        .destroys("Revoke key", "revoke-confirm", model::revoke)
        .show(reason);
  }

  private static String facts(ApiKey key, Times times) {
    return "%s of %s, %s. Revoking is final."
        .formatted(
            key.shortKey(),
            key.owner(),
            key.lastUsedAt().map(at -> "last used " + times.agoInWords(at)).orElse("no use seen"));
  }
}
