package dev.latchkey.access.screen.policy;

import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Tone;
import javafx.beans.property.BooleanProperty;
import javafx.geometry.Pos;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The policy of temporary access. */
public final class PolicyDialog {
  private PolicyDialog() {}

  public static void show(PolicyViewModel model, Desk desk) {
    TextField days = FormParts.text("policy-days", "", model.days());
    days.setAccessibleText("Longest duration in days");
    days.setPrefWidth(80);
    days.setMaxWidth(80);
    days.disableProperty().bind(model.limited().not());
    CheckBox limited = check("Grants and tokens end, at most after", model.limited());
    HBox longest = new HBox(8, limited, days, new Label("days"));
    longest.setAlignment(Pos.CENTER_LEFT);
    CheckBox reasonRequired = check("A reason is required", model.reasonRequired());
    reasonRequired.setId("policy-reason");
    TextField pattern =
        FormParts.text("policy-pattern", "such as (Incident|Ticket) [0-9]+", model.pattern());
    CheckBox networksRequired = check("Networks are required", model.networksRequired());
    networksRequired.setId("policy-networks");
    var parts = new FormParts<>(desk, model.form());
    var body =
        parts.body(
            parts
                .field("Longest duration", longest, AccessField.LONGEST)
                .hint(
                    Tone.NEUTRAL, "Without it a grant works until somebody thinks of revoking it."),
            new VBox(
                8,
                reasonRequired,
                parts
                    .field("A reason must contain", pattern, AccessField.PATTERN)
                    .hint(
                        Tone.NEUTRAL, "A regular expression of PostgreSQL; empty for any reason")),
            networksRequired,
            check("Operators may grant access to themselves", model.selfGranting()),
            parts.preview("Nothing to change.", 3));
    parts
        .dialog("policy-dialog", Icons.PREFERENCES, "Policy of temporary access", body)
        .confirms("Save policy", "policy-save", model::save)
        .whereItChangesSomething()
        .show();
  }

  private static CheckBox check(String text, BooleanProperty value) {
    CheckBox box = new CheckBox(text);
    box.selectedProperty().bindBidirectional(value);
    return box;
  }
}
