package dev.latchkey.access.screen.policy;

import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The policy of temporary access. */
public final class PolicyDialog {
  private final FormParts parts;
  private final Dialog dialog;

  public PolicyDialog(PolicyViewModel model, FormParts parts) {
    this.parts = parts;
    TextField days = new TextField();
    days.setId("policy-days");
    days.setAccessibleText("Longest duration in days");
    days.setPrefWidth(80);
    days.setMaxWidth(80);
    days.textProperty().bindBidirectional(model.days());
    days.disableProperty().bind(model.limited().not());
    CheckBox limited = new CheckBox("Grants and tokens end, at most after");
    limited.selectedProperty().bindBidirectional(model.limited());
    HBox longest = new HBox(8, limited, days, new Label("days"));
    longest.setAlignment(Pos.CENTER_LEFT);
    FormField longestField =
        new FormField("Longest duration", longest, model.problems().of(AccessField.LONGEST));
    longestField.hint(
        Tone.NEUTRAL, "Without it a grant works until somebody thinks of revoking it.");
    CheckBox reasonRequired = new CheckBox("A reason is required");
    reasonRequired.setId("policy-reason");
    reasonRequired.selectedProperty().bindBidirectional(model.reasonRequired());
    TextField pattern = new TextField();
    pattern.setId("policy-pattern");
    pattern.setPromptText("such as (Incident|Ticket) [0-9]+");
    pattern.textProperty().bindBidirectional(model.pattern());
    FormField patternField =
        new FormField("A reason must contain", pattern, model.problems().of(AccessField.PATTERN));
    patternField.hint(Tone.NEUTRAL, "A regular expression of PostgreSQL; empty for any reason");
    CheckBox networksRequired = new CheckBox("Networks are required");
    networksRequired.setId("policy-networks");
    networksRequired.selectedProperty().bindBidirectional(model.networksRequired());
    CheckBox self = new CheckBox("Operators may grant access to themselves");
    self.selectedProperty().bindBidirectional(model.selfGranting());
    Button cancel = new Button("Cancel");
    Button save = new Button("Save policy");
    save.setId("policy-save");
    parts.markConfirming(save);
    save.disableProperty()
        .bind(
            model
                .submission()
                .busy()
                .or(
                    Bindings.createBooleanBinding(
                        () -> model.change().get().equals(Optional.empty()), model.change())));
    this.dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.PREFERENCES,
            Tone.NEUTRAL,
            "Policy of temporary access",
            new VBox(
                14,
                parts.trouble(model.submission().failure()),
                longestField,
                new VBox(8, reasonRequired, patternField),
                networksRequired,
                self,
                parts.preview(model.change(), "Nothing to change.", 3)),
            Dialog.spring(),
            cancel,
            save);
    dialog.setId("policy-dialog");
    cancel.setOnAction(_ -> parts.dialogs().close(dialog));
    save.setOnAction(_ -> model.save(() -> parts.dialogs().close(dialog)));
  }

  public void show() {
    parts.dialogs().show(dialog);
  }
}
