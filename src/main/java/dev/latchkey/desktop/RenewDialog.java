package dev.latchkey.desktop;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Secret;
import dev.latchkey.doctor.TokenShape;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.SecretField;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** Asks for a fresh token when access has ended, or is about to; the screens stay as they are. */
final class RenewDialog {
  private final FrameViewModel model;
  private final DialogLayer layer;
  private final TimedClipboard clipboard;
  private Optional<Dialog> shown = Optional.empty();

  RenewDialog(FrameViewModel model, DialogLayer layer, TimedClipboard clipboard) {
    this.model = model;
    this.layer = layer;
    this.clipboard = clipboard;
    model.endedProperty().subscribe(this::follow);
  }

  /** Before access has ended. */
  void open() {
    if (shown.isEmpty()) {
      model.workProperty().get().ifPresent(work -> open(work, model.endedProperty().get()));
    }
  }

  private void follow(boolean ended) {
    if (ended) {
      shown.ifPresent(layer::close);
      open();
    } else {
      shown.ifPresent(layer::close);
    }
  }

  private void open(Work work, boolean ended) {
    Label lead = new Label(lead(work, ended));
    lead.setWrapText(true);
    Label label = new Label("Fresh token");
    label.getStyleClass().add(Styles.FIELD_LABEL);
    SecretField token = new SecretField();
    token.setName("Fresh token");
    VBox outcome = new VBox();
    VBox body = new VBox(12, lead, new VBox(4, label, token), outcome);
    Button leave = new Button(ended ? "Sign out" : "Not now");
    Button renew = new Button("Renew access");
    renew.getStyleClass().add(Styles.ACCENT);
    renew.disableProperty().bind(token.textProperty().map(String::isBlank));
    Dialog dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.ACCESS,
            ended ? Tone.DANGER : Tone.WARNING,
            ended ? "Your access has ended" : "Renew your access",
            body,
            Dialog.spring(),
            leave,
            renew);
    dialog.escapableProperty().set(!ended);
    dialog.onClosed(() -> shown = Optional.empty());
    Runnable act =
        () -> renew(dialog, token.textProperty().get(), failure -> fail(outcome, failure));
    renew.setOnAction(_ -> act.run());
    token.onEnter(act);
    leave.setOnAction(_ -> leave(dialog, ended));
    shown = Optional.of(dialog);
    layer.show(dialog);
    token.focusText();
  }

  private void renew(Dialog dialog, String text, Consumer<DatabaseFailure> failed) {
    String token = TokenShape.trimmed(text);
    if (!token.isEmpty()) {
      model.renew(Secret.of(token), () -> layer.close(dialog), failed);
    }
  }

  private void fail(VBox outcome, DatabaseFailure failure) {
    outcome.getChildren().setAll(ErrorPane.inline(failure, clipboard));
  }

  private void leave(Dialog dialog, boolean ended) {
    layer.close(dialog);
    if (ended) {
      model.signOut();
    }
  }

  private static String lead(Work work, boolean ended) {
    String place = work.session().endpoint().describe();
    return ended
        ? ("What you see stays as it was last read, and nothing can be changed. "
                + "Ask for a fresh token for %s to go on where you are.")
            .formatted(place)
        : "Enter a fresh token for %s to go on without a break.".formatted(place);
  }
}
