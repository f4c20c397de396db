package dev.latchkey.kit.form;

import dev.latchkey.change.Change;
import dev.latchkey.change.ChangeReview;
import dev.latchkey.change.Environment;
import dev.latchkey.change.SafetyCheck;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.beans.property.SimpleStringProperty;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/**
 * Shows a change with the exact SQL before it runs. The confirming button carries the act's name,
 * and is red on production.
 */
public final class ReviewDialog implements ChangeReview {
  private final DialogLayer dialogs;
  private final TimedClipboard clipboard;

  public ReviewDialog(DialogLayer dialogs, TimedClipboard clipboard) {
    this.dialogs = dialogs;
    this.clipboard = clipboard;
  }

  @Override
  public void ask(Change<?> change, Runnable approved) {
    boolean production = isProduction(dialogs.environmentProperty().get());
    Button cancel = new Button("Cancel");
    Button confirm = new Button(change.verb());
    confirm.getStyleClass().add(production ? Styles.DANGER : Styles.ACCENT);
    CodePane sql = new CodePane(clipboard);
    sql.show(change.request().preview());
    Label lead = new Label("This is the call that will run, in one transaction:");
    lead.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    VBox body = new VBox(8, lead, sql);
    if (change.takes().forGood()) {
      body.getChildren().addFirst(new Note(Tone.WARNING, "This cannot be undone."));
    }
    if (production) {
      body.getChildren().add(new Note(Tone.DANGER, "This changes the production database."));
    }
    Dialog dialog =
        new Dialog(
            Dialog.NORMAL,
            change.takes().forGood() ? Icons.WARNING : Icons.WRITE,
            change.takes().forGood() ? Tone.DANGER : Tone.NEUTRAL,
            change.summary(),
            body,
            Dialog.spring(),
            cancel,
            confirm);
    cancel.setOnAction(_ -> dialogs.close(dialog));
    confirm.setOnAction(
        _ -> {
          dialogs.close(dialog);
          approved.run();
        });
    dialogs.show(dialog);
    cancel.requestFocus();
  }

  @Override
  public void insist(
      Change<?> change, SafetyCheck.Verdict.NeedsName why, Runnable approved, Runnable declined) {
    TextField typed = new TextField();
    typed.setId("typed-name");
    typed.setPromptText(why.name());
    FormField field =
        new FormField("Type " + why.name() + " to go on", typed, new SimpleStringProperty(""));
    Button cancel = new Button("Cancel");
    Button confirm = new Button(change.verb());
    confirm.setId("typed-confirm");
    confirm
        .getStyleClass()
        .add(
            isProduction(dialogs.environmentProperty().get()) ? Styles.DANGER : Styles.DANGER_TEXT);
    confirm
        .disableProperty()
        .bind(typed.textProperty().map(text -> !text.strip().equals(why.name())));
    Dialog dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.WARNING,
            Tone.DANGER,
            "This is about your own access",
            new VBox(14, new Note(Tone.DANGER, why.sentence()), field),
            Dialog.spring(),
            cancel,
            confirm);
    dialog.setId("own-access");
    boolean[] agreed = {false};
    dialog.onClosed(
        () -> {
          if (!agreed[0]) {
            declined.run();
          }
        });
    cancel.setOnAction(_ -> dialogs.close(dialog));
    confirm.setOnAction(
        _ -> {
          agreed[0] = true;
          dialogs.close(dialog);
          approved.run();
        });
    dialogs.show(dialog);
    typed.requestFocus();
  }

  private static boolean isProduction(Optional<Environment> environment) {
    return environment.filter(Environment::isGuarded).isPresent();
  }
}
