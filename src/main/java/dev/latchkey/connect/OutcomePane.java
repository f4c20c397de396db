package dev.latchkey.connect;

import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Tone;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;

/**
 * What came of connecting: progress, a failure, or a database whose schema is missing or not right.
 */
final class OutcomePane extends VBox {
  private final ConnectViewModel model;
  private final TimedClipboard clipboard;
  private final ScriptDialog scripts;
  private final EmptyTablesDialog emptyTables;
  private final Label step = new Label();
  private final ProgressBar bar = new ProgressBar();
  private final Node progress;

  OutcomePane(ConnectViewModel model, DialogLayer dialogs, TimedClipboard clipboard) {
    this.model = model;
    this.clipboard = clipboard;
    this.scripts = new ScriptDialog(dialogs, clipboard);
    this.emptyTables = new EmptyTablesDialog(dialogs);
    this.progress = progress();
    model.stateProperty().subscribe(this::show);
    model.doctor().diagnosisProperty().subscribe(() -> show(model.stateProperty().get()));
  }

  private void show(ConnectState state) {
    // The doctor says the same, and more.
    boolean told =
        state instanceof ConnectState.Failed
            && model.doctor().diagnosisProperty().get().isPresent();
    setVisible(!(state instanceof ConnectState.Ready) && !told);
    switch (state) {
      case ConnectState.Ready _ -> getChildren().clear();
      case ConnectState.Working working -> {
        step.setText(
            working.done() > 0
                ? "%s · %d %%".formatted(working.step(), Math.round(working.done() * 100))
                : working.step());
        bar.setProgress(working.done() < 0 ? ProgressBar.INDETERMINATE_PROGRESS : working.done());
        if (getChildren().size() != 1 || getChildren().getFirst() != progress) {
          getChildren().setAll(progress);
        }
      }
      case ConnectState.Failed failed ->
          getChildren().setAll(ErrorPane.inline(failed.failure(), clipboard));
      case ConnectState.SandboxFailed failed ->
          getChildren()
              .setAll(new Note(Tone.DANGER, "The sandbox did not start.", failed.sentence()));
      case ConnectState.SchemaWanted wanted -> getChildren().setAll(schema(wanted.offer()));
    }
  }

  private Node progress() {
    Button cancel = new Button("Cancel");
    cancel.getStyleClass().add(Styles.SMALL);
    cancel.setMinWidth(USE_PREF_SIZE);
    cancel.setOnAction(_ -> model.cancel());
    step.getStyleClass().add(Styles.DENSE);
    bar.setMaxWidth(Double.MAX_VALUE);
    VBox lines = new VBox(8, step, bar);
    HBox.setHgrow(lines, Priority.ALWAYS);
    HBox box = new HBox(16, lines, cancel);
    box.setAlignment(Pos.CENTER_LEFT);
    box.getStyleClass().addAll(Styles.CARD, "lk-progress");
    return box;
  }

  private Node schema(SchemaOffer offer) {
    Note note = new Note(Tone.WARNING, offer.found().sentence(), offer.describe());
    Button install = new Button(offer.action(), Icons.of(Icons.DATABASE, 14));
    install.setId("install");
    install.getStyleClass().add(offer.allowed() ? Styles.ACCENT : "lk-plain");
    install.setDisable(!offer.allowed());
    install.setOnAction(_ -> emptyTables.askBefore(offer, model::install));
    Button read = new Button("Show the SQL", Icons.of(Icons.REVEAL, 14));
    read.setOnAction(_ -> model.script(scripts::show));
    Button save = new Button("Save the SQL…", Icons.of(Icons.SAVE, 14));
    save.setOnAction(_ -> model.script(this::save));
    return new VBox(12, note, new HBox(8, install, read, save));
  }

  private void save(String script) {
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Save the schema's SQL");
    chooser.setInitialFileName("latchkey.sql");
    File file = chooser.showSaveDialog(getScene().getWindow());
    if (file == null) {
      return;
    }
    Note told;
    try {
      Files.writeString(file.toPath(), script);
      told = new Note(Tone.SUCCESS, "Saved as %s.".formatted(file.getName()));
    } catch (IOException exception) {
      told = new Note(Tone.DANGER, "The file %s could not be written.".formatted(file.getName()));
    }
    getChildren().add(told);
  }
}
