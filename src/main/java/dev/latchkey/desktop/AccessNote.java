package dev.latchkey.desktop;

import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Button;
import javafx.scene.layout.VBox;

/** Says ten minutes before access ends that it will, quietly: once, and it can be closed. */
final class AccessNote extends VBox {
  private final FrameViewModel model;
  private final Note note = new Note(Tone.WARNING, "");
  private boolean closed;

  AccessNote(FrameViewModel model, Runnable renew) {
    this.model = model;
    getStyleClass().add("lk-access-note");
    Button button = new Button("Renew access");
    button.getStyleClass().add(Styles.IN_CARD);
    button.setMinWidth(USE_PREF_SIZE);
    button.setOnAction(_ -> renew.run());
    Button close = Icons.button(Icons.CLOSE, "Close this note", this::close);
    close.getStyleClass().remove(Styles.SMALL);
    close.getStyleClass().add(Styles.IN_CARD);
    getChildren().add(note.with(button).with(close));
    model.countdownProperty().subscribe(this::show);
    model.endedProperty().subscribe(this::show);
    show();
  }

  private void close() {
    closed = true;
    show();
  }

  private void show() {
    boolean near =
        model.countdownProperty().get().filter(Countdown::isNear).isPresent()
            && !model.endedProperty().get();
    if (!near) {
      closed = false;
    }
    setVisible(near && !closed);
    setManaged(isVisible());
    model
        .countdownProperty()
        .get()
        .ifPresent(
            left ->
                note.show(
                    "",
                    "Your %s. A fresh token lets you go on without a break."
                        .formatted(left.text())));
  }
}
