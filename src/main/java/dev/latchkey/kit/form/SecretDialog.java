package dev.latchkey.kit.form;

import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Tone;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/** Shows a new secret, this once. It stays until the secret was copied or is said stored. */
public final class SecretDialog {
  private final SecretOnce model;
  private final DialogLayer dialogs;
  private final TimedClipboard clipboard;
  private final Label secret = new Label();
  private final Button reveal = new Button("Reveal");
  private final Label code = new Label();
  private final Label copied = new Label();
  private final Button close = new Button("Close");
  private final Dialog dialog;
  private Subscription clock = Subscription.EMPTY;

  /**
   * @param title what was made ("Key created")
   * @param what the secret's name in a sentence ("key")
   * @param head who and what it is for
   */
  public SecretDialog(
      String title,
      String what,
      Node head,
      SecretOnce model,
      DialogLayer dialogs,
      TimedClipboard clipboard) {
    this.model = model;
    this.dialogs = dialogs;
    this.clipboard = clipboard;
    CheckBox stored = new CheckBox("I have stored this " + what);
    stored.setId("secret-stored");
    stored.selectedProperty().bindBidirectional(model.stored());
    close.setId("secret-close");
    VBox body = new VBox(14, head, warning(), secretField(), formats(), clipboardLine());
    this.dialog =
        new Dialog(
            Dialog.NORMAL, Icons.OK, Tone.SUCCESS, title, body, stored, Dialog.spring(), close);
    dialog.setId("new-secret");
    dialog.onClosed(this::forget);
    close.setOnAction(_ -> dialogs.close(dialog));
    model.revealed().subscribe(_ -> draw());
    model.format().subscribe(_ -> draw());
    model.stored().subscribe(_ -> permit());
    model.copied().subscribe(_ -> permit());
  }

  public void show() {
    dialogs.show(dialog);
  }

  private static Note warning() {
    return new Note(
        Tone.WARNING,
        "The secret is shown once. The server keeps only its hash, so it cannot be shown again.");
  }

  private VBox secretField() {
    Label title = new Label("Secret");
    title.getStyleClass().add(Styles.FIELD_LABEL);
    secret.setId("secret");
    secret.getStyleClass().addAll(Styles.MONO);
    secret.setMinWidth(0);
    HBox.setHgrow(secret, Priority.ALWAYS);
    secret.setMaxWidth(Double.MAX_VALUE);
    reveal.setId("secret-reveal");
    reveal.setMinWidth(Region.USE_PREF_SIZE);
    reveal.getStyleClass().addAll(Styles.FLAT, Styles.IN_CARD);
    reveal.setOnAction(_ -> model.revealed().set(!model.revealed().get()));
    HBox box = new HBox(8, secret, reveal);
    box.setAlignment(Pos.CENTER_LEFT);
    box.getStyleClass().add("lk-key-secret");
    box.setMinWidth(0);
    HBox.setHgrow(box, Priority.ALWAYS);
    Button copy = new Button("Copy", Icons.of(Icons.COPY, 14));
    copy.setId("secret-copy");
    copy.setMinWidth(Region.USE_PREF_SIZE);
    copy.getStyleClass().add(Styles.ACCENT);
    copy.setOnAction(_ -> copy(SecretOnce.RAW));
    HBox line = new HBox(8, box, copy);
    line.setAlignment(Pos.CENTER_LEFT);
    return new VBox(4, title, line);
  }

  private VBox formats() {
    Label title = new Label("Copy as");
    title.getStyleClass().add(Styles.FIELD_LABEL);
    Segments<SecretOnce.Format> choice = new Segments<>();
    choice.getStyleClass().add(Styles.SMALL);
    for (SecretOnce.Format format : model.formats()) {
      choice.add(format, format.label());
    }
    choice.setValue(model.format().get());
    choice.valueProperty().bindBidirectional(model.format());
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox head = new HBox(8, title, spring, choice);
    head.setAlignment(Pos.CENTER_LEFT);
    code.getStyleClass().addAll(Styles.MONO);
    code.setId("secret-code");
    code.setWrapText(true);
    code.setMinHeight(Region.USE_PREF_SIZE);
    code.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(code, Priority.ALWAYS);
    Button copy = Icons.button(Icons.COPY, "Copy in this form", () -> copy(model.format().get()));
    copy.setId("secret-copy-as");
    HBox box = new HBox(8, code, copy);
    box.getStyleClass().add("lk-code");
    box.setAlignment(Pos.TOP_LEFT);
    return new VBox(6, head, box);
  }

  private HBox clipboardLine() {
    ProgressBar bar = new ProgressBar(0);
    bar.getStyleClass().add("small");
    bar.setPrefWidth(120);
    bar.setAccessibleText("Time until the clipboard is cleared");
    Label left = new Label();
    left.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    copied.getStyleClass().add(Styles.SMALL_TEXT);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox line = new HBox(8, copied, spring, left, bar);
    line.setAlignment(Pos.CENTER_LEFT);
    line.setMinHeight(20);
    clock =
        clipboard
            .secondsLeftProperty()
            .subscribe(
                seconds -> {
                  boolean counting = seconds.intValue() > 0;
                  left.setText(
                      counting ? "Clipboard clears in %d s".formatted(seconds.intValue()) : "");
                  bar.setVisible(counting);
                  bar.setProgress(seconds.doubleValue() / TimedClipboard.SECRET_SECONDS);
                });
    return line;
  }

  private void copy(SecretOnce.Format format) {
    clipboard.copySecret(model.copy(format));
    copied.setText("Copied as " + format.label());
    copied.setGraphic(Icons.of(Icons.DONE, 14, Tone.SUCCESS));
  }

  private void draw() {
    secret.setText(model.shown());
    code.setText(model.preview());
    reveal.setText(model.revealed().get() ? "Hide" : "Reveal");
    reveal.setGraphic(Icons.of(model.revealed().get() ? Icons.HIDE : Icons.REVEAL, 14));
  }

  private void permit() {
    boolean may = model.mayClose();
    close.setDisable(!may);
    dialog.escapableProperty().set(may);
    Tooltip.install(
        close.getParent() == null ? close : close.getParent(),
        new Tooltip(may ? "Close" : "Copy the secret, or say that it is stored, to close."));
  }

  /** Nothing of the secret is left here: neither in the view model nor in a label. */
  private void forget() {
    clock.unsubscribe();
    model.close();
    secret.setText("");
    code.setText("");
  }
}
