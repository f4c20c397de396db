package dev.latchkey.access.screen.grant;

import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import javafx.scene.control.TextField;

/** Moves the end of a grant to a later time. */
public final class ExtendDialog {
  private ExtendDialog() {}

  public static void show(ExtendViewModel model, Desk desk) {
    Times times = desk.times();
    TextField reason = FormParts.text("extend-reason", "");
    String now =
        model
            .grant()
            .expiresAt()
            .map(at -> "Ends %s, in %s.".formatted(times.minute(at), times.until(at)))
            .orElse("Has no end.");
    var parts = new FormParts<>(desk, model.form());
    var body =
        parts.body(
            new Note(Tone.NEUTRAL, model.grant().title(), now),
            parts.end("Longer by", model.end(), AccessField.END),
            parts.reason(model.reason(), reason, AccessField.REASON),
            parts.preview(FormParts.INCOMPLETE, 5));
    var dialog =
        parts
            .dialog("extend-dialog", Icons.ACCESS, "Extend " + model.grant().title(), body)
            .confirms(model.verb(), "extend-confirm", model::extend);
    model.end().onChange(() -> dialog.submit().setText(model.verb()));
    dialog.show(reason);
  }
}
