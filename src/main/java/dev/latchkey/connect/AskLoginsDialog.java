package dev.latchkey.connect;

import dev.latchkey.rows.Failure;
import dev.latchkey.token.Secret;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.SecretField;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

/** Asks which operator's profile may look up why a token was refused, and for its token. */
final class AskLoginsDialog {
  private final ConnectViewModel model;
  private final DialogLayer layer;
  private final TimedClipboard clipboard;

  AskLoginsDialog(ConnectViewModel model, DialogLayer layer, TimedClipboard clipboard) {
    this.model = model;
    this.layer = layer;
    this.clipboard = clipboard;
  }

  void open() {
    Label lead =
        new Label(
            "Signs in once as the operator of another profile, reads the logins for this refusal, "
                + "and signs out again.");
    lead.setWrapText(true);
    lead.setMinHeight(Label.USE_PREF_SIZE);
    ComboBox<Profile> profiles = new ComboBox<>();
    profiles.setId("ask-profile");
    profiles.setMaxWidth(Double.MAX_VALUE);
    profiles.setConverter(new Names());
    profiles.getItems().setAll(model.otherProfiles());
    SecretField token = new SecretField();
    token.setId("ask-token");
    token.setName("The operator's token or password");
    VBox outcome = new VBox();
    Button cancel = new Button("Cancel");
    Button ask = new Button("Ask");
    ask.setId("ask-logins");
    ask.getStyleClass().add(Styles.ACCENT);
    ask.disableProperty().bind(token.blank());
    Dialog dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.PERSON,
            Tone.NEUTRAL,
            "Ask as an operator",
            new VBox(
                12,
                lead,
                field("Profile", profiles),
                field("The operator's token or password", token),
                outcome),
            Dialog.spring(),
            cancel,
            ask);
    profiles.getSelectionModel().selectedItemProperty().subscribe(chosen -> choose(chosen, token));
    profiles.getSelectionModel().selectFirst();
    Runnable act =
        () -> {
          if (token.blank().getValue()) {
            return;
          }
          try (Secret entered = token.secret()) {
            model.askLogins(
                profiles.getValue(),
                entered,
                () -> layer.close(dialog),
                failure -> fail(outcome, failure));
          }
        };
    cancel.setOnAction(_ -> layer.close(dialog));
    ask.setOnAction(_ -> act.run());
    token.onEnter(act);
    layer.show(dialog);
    token.focusText();
  }

  private void choose(Profile chosen, SecretField token) {
    // A token goes to the server that it was entered for, and to no other.
    token.clear();
    if (chosen != null) {
      model.recall(chosen, token::show);
    }
  }

  private void fail(VBox outcome, Failure failure) {
    outcome.getChildren().setAll(ErrorPane.inline(failure, clipboard));
  }

  private static VBox field(String name, javafx.scene.Node field) {
    Label label = new Label(name);
    label.getStyleClass().add(Styles.FIELD_LABEL);
    label.setLabelFor(field);
    return new VBox(4, label, field);
  }

  /** As in the list of profiles, with the role. */
  private static final class Names extends StringConverter<Profile> {
    @Override
    public String toString(Profile profile) {
      return profile == null
          ? ""
          : "%s · %s".formatted(profile.name(), profile.endpoint().describe());
    }

    @Override
    public Profile fromString(String text) {
      throw new UnsupportedOperationException("profiles are chosen, not typed");
    }
  }
}
