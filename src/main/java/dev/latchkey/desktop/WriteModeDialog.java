package dev.latchkey.desktop;

import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.time.Duration;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** Asks for how long changes to production are to be possible. */
final class WriteModeDialog {
  private final FrameViewModel model;
  private final DialogLayer layer;

  WriteModeDialog(FrameViewModel model, DialogLayer layer) {
    this.model = model;
    this.layer = layer;
  }

  void open() {
    Segments<Duration> duration = new Segments<>();
    duration
        .add(Duration.ofMinutes(15), "15 min")
        .add(Duration.ofMinutes(30), "30 min")
        .add(Duration.ofMinutes(60), "1 h");
    Label label = new Label("For how long");
    label.getStyleClass().add(Styles.FIELD_LABEL);
    Label hint = new Label("It ends by itself, on sign-out, and after 10 minutes without input.");
    hint.getStyleClass().add(Styles.HINT);
    Note note =
        new Note(
            Tone.DANGER,
            "Changes will apply to production.",
            "Each one is still shown as SQL before it runs.");
    Button cancel = new Button("Stay read-only");
    Button start = new Button("Turn on write mode");
    start.getStyleClass().add(Styles.DANGER);
    Dialog dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.WRITE,
            Tone.DANGER,
            "Turn on write mode",
            new VBox(14, note, new VBox(4, label, duration, hint)),
            Dialog.spring(),
            cancel,
            start);
    cancel.setOnAction(_ -> layer.close(dialog));
    start.setOnAction(
        _ -> {
          layer.close(dialog);
          model.startWriting(duration.getValue());
        });
    layer.show(dialog);
    cancel.requestFocus();
  }
}
