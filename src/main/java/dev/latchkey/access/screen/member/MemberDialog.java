package dev.latchkey.access.screen.member;

import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Tone;
import javafx.scene.control.TextField;

/** The form for a new member. */
public final class MemberDialog {
  private MemberDialog() {}

  public static void show(MemberFormViewModel model, Desk desk) {
    TextField email = FormParts.text("member-email", "name@example.com", model.email());
    TextField name = FormParts.text("member-name", "", model.name());
    var parts = new FormParts<>(desk, model.form());
    var body =
        parts.body(
            parts.field("E-mail", email, AccessField.EMAIL),
            parts
                .field("Name", name, AccessField.DISPLAY_NAME)
                .hint(Tone.NEUTRAL, "Empty for what is before the @"),
            parts.preview(FormParts.INCOMPLETE, 4));
    parts
        .dialog("member-dialog", Icons.PERSON, "Add a member", body)
        .confirms("Add member", "member-confirm", model::add)
        .show(email);
  }
}
