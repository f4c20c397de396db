package dev.latchkey.access;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Tone;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** Above the lists: what an act came to, or why it did not work, until it is dismissed. */
final class AccessNotice extends VBox {
  private final AccessViewModel model;
  private final TimedClipboard clipboard;

  AccessNotice(AccessViewModel model, TimedClipboard clipboard) {
    this.model = model;
    this.clipboard = clipboard;
    getStyleClass().add("lk-notice");
    managedProperty().bind(Bindings.isNotEmpty(getChildren()));
    model.list().subscribe(_ -> showNotice());
    model.enforcement().subscribe((_, _) -> showNotice());
    for (AccessList list : AccessList.values()) {
      model.rows(list).notice().subscribe((_, _) -> showNotice());
    }
  }

  private void showNotice() {
    getChildren().clear();
    model.enforcement().get().ifPresent(done -> getChildren().add(told(done)));
    model.rows().notice().get().ifPresent(told -> getChildren().add(told(told)));
  }

  private Note told(Enforcement done) {
    Note note = new Note(done.left() == 0 ? Tone.SUCCESS : Tone.DANGER, done.sentence());
    note.setId("enforcement");
    return note.with(Icons.button(Icons.CLOSE, "Dismiss", model::dismissEnforcement));
  }

  private HBox told(DatabaseFailure failure) {
    Button dismiss = Icons.button(Icons.CLOSE, "Dismiss", () -> model.rows().dismissNotice());
    ErrorPane pane = ErrorPane.inline(failure, clipboard);
    HBox.setHgrow(pane, Priority.ALWAYS);
    Button retry = new Button("Reload", Icons.of(Icons.RELOAD, 14));
    retry.getStyleClass().add(Styles.SMALL);
    retry.setOnAction(_ -> model.reload());
    retry.setMinWidth(USE_PREF_SIZE);
    HBox line = new HBox(8, pane, retry, dismiss);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }
}
