package dev.latchkey.desktop;

import dev.latchkey.doctor.Diagnosis;
import dev.latchkey.doctor.DoctorViewModel;
import dev.latchkey.doctor.Finding;
import dev.latchkey.doctor.Patient;
import dev.latchkey.rows.Failure;
import dev.latchkey.token.Secret;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.SecretField;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/** Asks for a fresh token when access has ended, or is about to; the screens stay as they are. */
final class RenewDialog {
  private final FrameViewModel model;
  private final DialogLayer layer;
  private final TimedClipboard clipboard;
  private final Times times;
  private final DoctorViewModel doctor;
  private Optional<Dialog> shown = Optional.empty();

  /**
   * @param doctor finds out why a fresh token was refused; nobody else's
   */
  RenewDialog(
      FrameViewModel model,
      DialogLayer layer,
      TimedClipboard clipboard,
      Times times,
      DoctorViewModel doctor) {
    this.model = model;
    this.layer = layer;
    this.clipboard = clipboard;
    this.times = times;
    this.doctor = doctor;
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
    renew.disableProperty().bind(token.blank());
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
    Subscription findings =
        doctor
            .diagnosisProperty()
            .subscribe(
                seen ->
                    seen.ifPresent(
                        known -> known.first().ifPresent(found -> tell(outcome, known, found))));
    dialog.onClosed(
        () -> {
          shown = Optional.empty();
          findings.unsubscribe();
          doctor.close();
        });
    Runnable act =
        () -> {
          try (Secret entered = token.secret();
              Secret trimmed = entered.trimmed()) {
            renew(work, dialog, trimmed, outcome);
          }
        };
    renew.setOnAction(_ -> act.run());
    token.onEnter(act);
    leave.setOnAction(_ -> leave(dialog, ended));
    shown = Optional.of(dialog);
    layer.show(dialog);
    token.focusText();
  }

  private void renew(Work work, Dialog dialog, Secret token, VBox outcome) {
    doctor.close();
    if (!token.isEmpty()) {
      model.renew(
          token,
          () -> layer.close(dialog),
          (failure, tried) -> fail(work, tried, outcome, failure));
    }
  }

  /** What the server said, until the doctor knows more; he need not ask it again. */
  private void fail(Work work, Secret token, VBox outcome, Failure failure) {
    outcome.getChildren().setAll(ErrorPane.inline(failure, clipboard));
    if (shown.isPresent()) {
      Patient.Answer answer = new Patient.Answer(failure, times.now());
      doctor.examine(new Patient(work.session().endpoint(), token.copy(), Optional.of(answer)));
    }
  }

  private void tell(VBox outcome, Diagnosis seen, Finding finding) {
    Note note = new Note(Tone.DANGER, finding.sentence(), finding.nextStep());
    note.setId("renew-finding");
    Button copy = Icons.button(Icons.COPY, "Copy details", () -> clipboard.copy(seen.report()));
    outcome.getChildren().setAll(note.with(copy));
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
