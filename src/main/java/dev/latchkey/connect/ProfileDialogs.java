package dev.latchkey.connect;

import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** Asks for a profile's new name, and before one is deleted. */
final class ProfileDialogs {
  private final DialogLayer layer;
  private final ConnectViewModel model;

  ProfileDialogs(DialogLayer layer, ConnectViewModel model) {
    this.layer = layer;
    this.model = model;
  }

  void rename() {
    model.selectedProperty().get().ifPresent(this::rename);
  }

  void delete() {
    model.selectedProperty().get().ifPresent(this::delete);
  }

  private void rename(Profile profile) {
    TextField name = new TextField(profile.name());
    Label label = new Label("Name");
    label.getStyleClass().add(Styles.FIELD_LABEL);
    label.setLabelFor(name);
    Button cancel = new Button("Cancel");
    Button apply = new Button("Rename");
    apply.getStyleClass().add(Styles.ACCENT);
    apply.disableProperty().bind(name.textProperty().map(String::isBlank));
    Dialog dialog =
        new Dialog(
            Dialog.NARROW,
            Icons.WRITE,
            Tone.NEUTRAL,
            "Rename connection",
            new VBox(4, label, name),
            Dialog.spring(),
            cancel,
            apply);
    Runnable act =
        () -> {
          if (!name.getText().isBlank()) {
            model.rename(name.getText());
            layer.close(dialog);
          }
        };
    cancel.setOnAction(_ -> layer.close(dialog));
    apply.setOnAction(_ -> act.run());
    name.setOnAction(_ -> act.run());
    layer.show(dialog);
    name.selectAll();
  }

  private void delete(Profile profile) {
    Label text =
        new Label(
            "The profile \"%s\" is removed from this desktop. The database is not touched."
                .formatted(profile.name()));
    text.setWrapText(true);
    Button cancel = new Button("Cancel");
    Button apply = new Button("Delete profile");
    apply.getStyleClass().add(Styles.DANGER_TEXT);
    Dialog dialog =
        new Dialog(
            Dialog.NARROW,
            Icons.DELETE,
            Tone.DANGER,
            "Delete connection",
            text,
            Dialog.spring(),
            cancel,
            apply);
    cancel.setOnAction(_ -> layer.close(dialog));
    apply.setOnAction(
        _ -> {
          layer.close(dialog);
          model.delete();
        });
    layer.show(dialog);
  }
}
