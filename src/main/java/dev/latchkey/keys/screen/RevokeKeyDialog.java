package dev.latchkey.keys.screen;

import dev.latchkey.change.Environment;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import javafx.beans.binding.Bindings;
import javafx.scene.control.Button;
import javafx.scene.control.TextArea;
import javafx.scene.layout.VBox;

/** Asks for the reason, shows the call, and ends a key for good. */
final class RevokeKeyDialog {
  private final RevokeKeyViewModel model;
  private final DialogLayer dialogs;
  private final Times times;
  private final TextArea reason = new TextArea();
  private final Dialog dialog;

  RevokeKeyDialog(
      RevokeKeyViewModel model, DialogLayer dialogs, TimedClipboard clipboard, Times times) {
    this.model = model;
    this.dialogs = dialogs;
    this.times = times;
    reason.setId("revoke-reason");
    reason.setPromptText("Such as: leaked in a log file, replaced by another key");
    reason.setPrefRowCount(2);
    reason.setWrapText(true);
    reason.textProperty().bindBidirectional(model.reason());
    CodePane code = new CodePane(clipboard);
    model
        .change()
        .subscribe(change -> change.ifPresent(ready -> code.show(ready.request().preview())));
    VBox trouble = new VBox();
    trouble.managedProperty().bind(Bindings.isNotEmpty(trouble.getChildren()));
    model
        .failure()
        .subscribe(
            failure ->
                trouble
                    .getChildren()
                    .setAll(
                        failure.stream().map(told -> ErrorPane.inline(told, clipboard)).toList()));
    VBox body =
        new VBox(
            14,
            trouble,
            new Note(Tone.DANGER, "Calls with this key are refused from now on.", facts()),
            new FormField("Reason", reason, model.problems().of(KeyField.REASON)),
            code);
    Button cancel = new Button("Cancel");
    Button revoke = new Button("Revoke key");
    revoke.setId("revoke-confirm");
    this.dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.WARNING,
            Tone.DANGER,
            "Revoke " + model.key().name(),
            body,
            Dialog.spring(),
            cancel,
            revoke);
    dialog.setId("revoke-key");
    revoke.getStyleClass().add(isProduction(dialogs) ? Styles.DANGER : Styles.DANGER_TEXT);
    revoke.disableProperty().bind(model.busy());
    cancel.setOnAction(_ -> dialogs.close(dialog));
    revoke.setOnAction(_ -> model.revoke(() -> dialogs.close(dialog)));
  }

  void show() {
    dialogs.show(dialog);
    reason.requestFocus();
  }

  static boolean isProduction(DialogLayer dialogs) {
    return dialogs.environmentProperty().get().filter(Environment::isGuarded).isPresent();
  }

  private String facts() {
    ApiKey key = model.key();
    return "%s of %s, %s. Revoking is final."
        .formatted(
            key.shortKey(),
            key.owner(),
            key.lastUsedAt().map(at -> "last used " + times.agoInWords(at)).orElse("never used"));
  }
}
