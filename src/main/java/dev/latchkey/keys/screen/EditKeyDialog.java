package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.KeyValues;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** Changes name, description and expiry; shows both versions when somebody else was faster. */
final class EditKeyDialog {
  private final EditKeyViewModel model;
  private final Times times;
  private final VBox versions = new VBox(6);

  private EditKeyDialog(EditKeyViewModel model, Times times) {
    this.model = model;
    this.times = times;
  }

  static void show(EditKeyViewModel model, Desk desk) {
    new EditKeyDialog(model, desk.times()).showOn(desk);
  }

  private void showOn(Desk desk) {
    TextField name = FormParts.text("edit-name", "", model.name());
    TextArea description = FormParts.area("edit-description");
    description.textProperty().bindBidirectional(model.description());
    var parts = new FormParts<>(desk, model.form());
    VBox trouble = parts.trouble();
    var body =
        new VBox(
            14,
            trouble,
            parts.field("Name", name, KeyField.NAME),
            parts.field("Description", description, KeyField.DESCRIPTION),
            parts.end("Expires", model.expiry(), KeyField.EXPIRY),
            parts.code("Nothing to change."));
    model.form().failure().subscribe(_ -> tell(trouble));
    model.overtaken().subscribe(_ -> tell(trouble));
    parts
        .dialog("edit-key", Icons.WRITE, "Edit " + model.base().get().name(), body)
        .confirms("Save changes", "edit-save", model::save)
        .whereItChangesSomething()
        .show(name);
  }

  private void tell(VBox trouble) {
    trouble.getChildren().remove(versions);
    model
        .overtaken()
        .get()
        .ifPresent(
            before -> {
              compare(before, model.base().get());
              trouble.getChildren().add(versions);
            });
  }

  private void compare(ApiKey before, ApiKey now) {
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
    versions.getChildren().setAll(title, facts, next);
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
