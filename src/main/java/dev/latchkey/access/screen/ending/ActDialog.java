package dev.latchkey.access.screen.ending;

import dev.latchkey.access.LiveSession;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.access.screen.AccessText;
import dev.latchkey.change.Subject;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.FormDialog;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
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
  private final Desk desk;
  private final VBox body;
  private final VBox sessions = new VBox(4);
  private final TextField reason = FormParts.text("act-reason", "");
  private final FormDialog dialog;

  private ActDialog(ActViewModel model, Desk desk) {
    this.model = model;
    this.desk = desk;
    var parts = new FormParts<>(desk, model.form());
    var change = model.form().change().get().orElseThrow();
    boolean ending = model.act().ending();
    this.body =
        parts.body(new Note(ending ? Tone.DANGER : Tone.ACCENT, model.act().warning()), sessions);
    if (!(model.act().subject() instanceof Subject.OfAll)) {
      body.getChildren().add(parts.reason(model.reason(), reason, AccessField.REASON));
    }
    body.getChildren().add(parts.preview("Correct the reason first.", 4));
    this.dialog =
        new FormDialog(
            desk,
            model.form(),
            "act-dialog",
            Dialog.NORMAL,
            ending ? Icons.WARNING : Icons.START,
            ending ? Tone.DANGER : Tone.NEUTRAL,
            change.summary(),
            body);
    dialog.cancel().setId("act-close");
    dialog.onClosed(model::close);
    if (ending) {
      dialog.destroys(change.verb(), "act-confirm", model::act);
    } else {
      dialog.confirms(change.verb(), "act-confirm", model::act);
    }
    model.stage().subscribe(stage -> show(stage));
  }

  public static void show(ActViewModel model, Desk desk) {
    new ActDialog(model, desk).show();
  }

  private void show() {
    model.load();
    dialog.show();
    if (reason.getScene() != null) {
      reason.requestFocus();
    } else {
      dialog.cancel().requestFocus();
    }
  }

  private void show(ActViewModel.Stage stage) {
    switch (stage) {
      case ActViewModel.Stage.Before now -> showBefore(now.sessions(), now.unseen());
      case ActViewModel.Stage.After now -> showAfter(now);
    }
  }

  private void showBefore(List<LiveSession> found, Optional<String> unseen) {
    sessions.setVisible(model.act().ending());
    sessions.setManaged(model.act().ending());
    Label head =
        new Label(
            found.isEmpty()
                ? unseen
                    .map("Which sessions are open is not known: %s."::formatted)
                    .orElse("No session is open now.")
                : AccessText.count(found.size(), "session") + " will end:");
    head.setWrapText(true);
    head.getStyleClass().add(Styles.SMALL_STRONG);
    sessions.getChildren().setAll(head);
    found.stream().limit(SHOWN).forEach(session -> sessions.getChildren().add(line(session)));
    if (found.size() > SHOWN) {
      sessions.getChildren().add(muted("and %,d more".formatted(found.size() - SHOWN)));
    }
  }

  private void showAfter(ActViewModel.Stage.After now) {
    Label number = new Label(number(now));
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
                .map(at -> "Looked last at " + desk.times().clock(at) + looking(now))
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
                            proof.provesTheEnd() ? Tone.NEUTRAL : Tone.DANGER,
                            "Proof in the audit event",
                            "%s; the server looked at %s."
                                .formatted(
                                    proof.sentence(), desk.times().exact(proof.checkedAt())))));
    now.proof().stream()
        .flatMap(proof -> proof.found().stream())
        .forEach(found -> after.getChildren().add(new Note(Tone.WARNING, found)));
    body.getChildren().setAll(after);
    dialog.submit().setVisible(false);
    dialog.submit().setManaged(false);
    dialog.cancel().setText("Close");
    dialog.cancel().requestFocus();
  }

  private static String number(ActViewModel.Stage.After now) {
    if (!now.isKnown()) {
      return "?";
    }
    return now.lookedAt().isEmpty() ? "…" : "%,d".formatted(now.left().size());
  }

  private static String looking(ActViewModel.Stage.After now) {
    if (!now.isKnown()) {
      return ", and could see none.";
    }
    return now.isClear() ? "." : "; looking again every second.";
  }

  private String done() {
    return model.form().change().get().map(change -> change.done() + ".").orElse("Done.");
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
