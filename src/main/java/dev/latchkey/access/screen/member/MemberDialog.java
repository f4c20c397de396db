package dev.latchkey.access.screen.member;

import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Button;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** The form for a new member. */
public final class MemberDialog {
  private final FormParts parts;
  private final TextField email = new TextField();
  private final Dialog dialog;

  public MemberDialog(MemberFormViewModel model, FormParts parts) {
    this.parts = parts;
    email.setId("member-email");
    email.setPromptText("name@example.com");
    email.textProperty().bindBidirectional(model.email());
    TextField name = new TextField();
    name.setId("member-name");
    name.textProperty().bindBidirectional(model.name());
    FormField nameField =
        new FormField("Name", name, model.problems().of(AccessField.DISPLAY_NAME));
    nameField.hint(Tone.NEUTRAL, "Empty for what is before the @");
    Button cancel = new Button("Cancel");
    Button add = new Button("Add member");
    add.setId("member-confirm");
    parts.markConfirming(add);
    add.disableProperty().bind(model.submission().busy());
    this.dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.PERSON,
            Tone.NEUTRAL,
            "Add a member",
            new VBox(
                14,
                parts.trouble(model.submission().failure()),
                new FormField("E-mail", email, model.problems().of(AccessField.EMAIL)),
                nameField,
                parts.preview(
                    model.change(), "The call appears here when the form is complete.", 4)),
            Dialog.spring(),
            cancel,
            add);
    dialog.setId("member-dialog");
    cancel.setOnAction(_ -> parts.dialogs().close(dialog));
    add.setOnAction(_ -> model.add(() -> parts.dialogs().close(dialog)));
  }

  public void show() {
    parts.dialogs().show(dialog);
    email.requestFocus();
  }
}
