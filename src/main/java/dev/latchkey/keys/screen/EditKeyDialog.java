package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.KeyValues;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** Changes name, description and expiry; shows both versions when somebody else was faster. */
final class EditKeyDialog {
  private final EditKeyViewModel model;
  private final DialogLayer dialogs;
  private final TimedClipboard clipboard;
  private final Times times;
  private final TextField name = new TextField();
  private final VBox trouble = new VBox(8);
  private final Dialog dialog;

  EditKeyDialog(
      EditKeyViewModel model, DialogLayer dialogs, TimedClipboard clipboard, Times times) {
    this.model = model;
    this.dialogs = dialogs;
    this.clipboard = clipboard;
    this.times = times;
    name.setId("edit-name");
    name.textProperty().bindBidirectional(model.name());
    TextArea description = new TextArea();
    description.setId("edit-description");
    description.setPrefRowCount(2);
    description.setWrapText(true);
    description.textProperty().bindBidirectional(model.description());
    ExpiryField expiry =
        new ExpiryField(
            model.expiry(),
            model.problems().of(KeyField.EXPIRY),
            times,
            Optional.of(model.base().get()));
    CodePane code = new CodePane(clipboard);
    model
        .change()
        .subscribe(
            change ->
                code.show(
                    change
                        .map(ready -> ready.request().preview())
                        .orElse("-- Nothing to change.")));
    VBox body =
        new VBox(
            14,
            trouble,
            new FormField("Name", name, model.problems().of(KeyField.NAME)),
            new FormField("Description", description, model.problems().of(KeyField.DESCRIPTION)),
            expiry.field(),
            code);
    trouble.managedProperty().bind(Bindings.isNotEmpty(trouble.getChildren()));
    Button cancel = new Button("Cancel");
    Button save = new Button("Save changes");
    save.setId("edit-save");
    this.dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.WRITE,
            Tone.NEUTRAL,
            "Edit " + model.base().get().name(),
            body,
            Dialog.spring(),
            cancel,
            save);
    dialog.setId("edit-key");
    save.getStyleClass().add(RevokeKeyDialog.isProduction(dialogs) ? Styles.DANGER : Styles.ACCENT);
    save.disableProperty()
        .bind(
            model
                .busy()
                .or(
                    Bindings.createBooleanBinding(
                        () -> model.change().get().isEmpty(), model.change())));
    cancel.setOnAction(_ -> dialogs.close(dialog));
    save.setOnAction(_ -> model.save(() -> dialogs.close(dialog)));
    model.failure().subscribe(_ -> tell());
    model.overtaken().subscribe(_ -> tell());
  }

  void show() {
    dialogs.show(dialog);
    name.requestFocus();
  }

  private void tell() {
    trouble.getChildren().clear();
    model
        .failure()
        .get()
        .ifPresent(told -> trouble.getChildren().add(ErrorPane.inline(told, clipboard)));
    model.overtaken().get().ifPresent(before -> trouble.getChildren().add(versions(before)));
  }

  private VBox versions(ApiKey before) {
    ApiKey now = model.base().get();
    Label title =
        new Label("Changed meanwhile, version %d to %d".formatted(before.version(), now.version()));
    title.getStyleClass().add(Styles.SMALL_STRONG);
    KeyValues facts = new KeyValues();
    compare(facts, "Name", before.name(), now.name());
    compare(facts, "Description", before.description(), now.description());
    compare(facts, "Expires", end(before), end(now));
    compare(facts, "Status", before.status().label(), now.status().label());
    compare(
        facts,
        "Scopes",
        before.scopes().scopes().size() + " scopes",
        now.scopes().scopes().size() + " scopes");
    Note next =
        new Note(
            Tone.ACCENT,
            now.isRevoked()
                ? "The key was revoked and stays as it is."
                : "What you typed is still here. Saving now applies it to the newer version.");
    return new VBox(6, title, facts, next);
  }

  private static void compare(KeyValues facts, String name, String before, String now) {
    if (!before.equals(now)) {
      facts.add(
          name, "%s → %s".formatted(before.isBlank() ? "—" : before, now.isBlank() ? "—" : now));
    }
  }

  private String end(ApiKey key) {
    return key.expiresAt().map(times::minute).orElse("never");
  }
}
