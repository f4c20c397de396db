package dev.latchkey.access.screen.ending;

import dev.latchkey.access.LiveSession;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.access.screen.AccessText;
import dev.latchkey.change.Subject;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * Asks for the reason, shows the call and the sessions that end by it; afterwards shows them going
 * to zero, with the proof.
 */
public final class ActDialog {
  private static final int SHOWN = 6;

  private final ActViewModel model;
  private final FormParts parts;
  private final VBox body = new VBox(14);
  private final VBox before = new VBox(14);
  private final VBox sessions = new VBox(4);
  private final TextField reason = new TextField();
  private final Button cancel = new Button("Cancel");
  private final Button confirm = new Button();
  private final Dialog dialog;

  public ActDialog(ActViewModel model, FormParts parts) {
    this.model = model;
    this.parts = parts;
    reason.setId("act-reason");
    FormField reasonField =
        parts.reason(
            model.reason(),
            model.problems().of(AccessField.REASON),
            model.policy().reasonRule(),
            reason);
    var change = model.change().get().orElseThrow();
    boolean ending = model.act().ending();
    before
        .getChildren()
        .addAll(
            parts.trouble(model.submission().failure()),
            new Note(ending ? Tone.DANGER : Tone.ACCENT, model.act().warning()),
            sessions,
            reasonField,
            parts.preview(model.change(), "Correct the reason first.", 4));
    if (model.act().subject() instanceof Subject.OfAll) {
      before.getChildren().remove(reasonField);
    }
    body.getChildren().setAll(before);
    confirm.setText(change.verb());
    confirm.setId("act-confirm");
    cancel.setId("act-close");
    confirm.disableProperty().bind(model.submission().busy());
    if (ending) {
      parts.markDestructive(confirm);
    } else {
      parts.markConfirming(confirm);
    }
    this.dialog =
        new Dialog(
            Dialog.NORMAL,
            ending ? Icons.WARNING : Icons.START,
            ending ? Tone.DANGER : Tone.NEUTRAL,
            change.summary(),
            body,
            Dialog.spring(),
            cancel,
            confirm);
    dialog.setId("act-dialog");
    dialog.onClosed(model::close);
    cancel.setOnAction(_ -> parts.dialogs().close(dialog));
    confirm.setOnAction(_ -> model.act(() -> parts.dialogs().close(dialog)));
    model.stage().subscribe(stage -> show(stage));
  }

  public void show() {
    model.load();
    parts.dialogs().show(dialog);
    if (reason.getScene() != null) {
      reason.requestFocus();
    } else {
      cancel.requestFocus();
    }
  }

  private void show(ActViewModel.Stage stage) {
    switch (stage) {
      case ActViewModel.Stage.Before now -> showBefore(now.sessions());
      case ActViewModel.Stage.After now -> showAfter(now);
    }
  }

  private void showBefore(List<LiveSession> found) {
    sessions.setVisible(model.act().ending());
    sessions.setManaged(model.act().ending());
    Label head =
        new Label(
            found.isEmpty()
                ? "No session is open now."
                : AccessText.count(found.size(), "session") + " will end:");
    head.getStyleClass().add(Styles.SMALL_STRONG);
    sessions.getChildren().setAll(head);
    found.stream().limit(SHOWN).forEach(session -> sessions.getChildren().add(line(session)));
    if (found.size() > SHOWN) {
      sessions.getChildren().add(muted("and %,d more".formatted(found.size() - SHOWN)));
    }
  }

  private void showAfter(ActViewModel.Stage.After now) {
    Label number = new Label(now.lookedAt().isEmpty() ? "…" : "%,d".formatted(now.left().size()));
    number.setId("sessions-left");
    number.getStyleClass().add("lk-countdown-number");
    (now.isClear() ? Tone.SUCCESS : Tone.DANGER).applyTo(number);
    Label word = new Label(now.left().size() == 1 ? "session left" : "sessions left");
    word.getStyleClass().add(Styles.STRONG);
    HBox head = new HBox(10, number, word);
    head.setAlignment(Pos.BASELINE_LEFT);
    VBox after = new VBox(10, new Note(Tone.SUCCESS, done()), head);
    Label looked =
        muted(
            now.lookedAt()
                .map(at -> "Looked last at " + parts.times().clock(at) + looking(now))
                .orElse("Looking for sessions that are left."));
    after.getChildren().add(looked);
    now.left().stream().limit(SHOWN).forEach(session -> after.getChildren().add(line(session)));
    now.proof()
        .ifPresent(
            proof ->
                after
                    .getChildren()
                    .add(
                        new Note(
                            Tone.NEUTRAL,
                            "Proof in the audit event",
                            "%s ended, %,d left, checked by the server at %s."
                                .formatted(
                                    AccessText.count(proof.ended(), "session"),
                                    proof.left(),
                                    parts.times().exact(proof.checkedAt())))));
    body.getChildren().setAll(after);
    confirm.setVisible(false);
    confirm.setManaged(false);
    cancel.setText("Close");
    cancel.requestFocus();
  }

  private static String looking(ActViewModel.Stage.After now) {
    return now.isClear() ? "." : "; looking again every second.";
  }

  private String done() {
    return model.change().get().map(change -> change.done() + ".").orElse("Done.");
  }

  private Node line(LiveSession session) {
    Label pid = new Label(session.title());
    pid.getStyleClass().add(Styles.MONO);
    pid.setMinWidth(Region.USE_PREF_SIZE);
    Label rest =
        muted(
            "%s as %s from %s%s"
                .formatted(
                    session.who(),
                    session.role(),
                    session.client().orElse("an unknown address"),
                    session.application().isBlank() ? "" : ", " + session.application()));
    HBox line = new HBox(10, pid, rest);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  private static Label muted(String text) {
    Label label = new Label(text);
    label.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    return label;
  }
}
