package dev.latchkey.kit.form;

import dev.latchkey.change.Environment;
import dev.latchkey.kit.Desk;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import org.kordamp.ikonli.Ikon;

/** The dialog around a form: its head, a button that gives up, and one that submits. */
public final class FormDialog {
  private final Desk desk;
  private final FormProblems<?> form;
  private final Label note = new Label();
  private final Button cancel = new Button("Cancel");
  private final Button submit = new Button();
  private final Dialog dialog;

  /**
   * @param id the node's
   */
  public FormDialog(
      Desk desk,
      FormProblems<?> form,
      String id,
      double width,
      Ikon icon,
      Tone tone,
      String title,
      Node body) {
    this.desk = desk;
    this.form = form;
    note.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    note.managedProperty().bind(note.textProperty().isNotEmpty());
    dialog = new Dialog(width, icon, tone, title, body, note, Dialog.spring(), cancel, submit);
    dialog.setId(id);
    cancel.setOnAction(_ -> close());
    submit.disableProperty().bind(form.busy());
  }

  /**
   * Submits with a filled button, red on production.
   *
   * @param act given what closes the dialog
   */
  public FormDialog confirms(String verb, String id, Consumer<Runnable> act) {
    return submits(Styles.ACCENT, verb, id, act);
  }

  /** Submits with a red button, filled on production. */
  public FormDialog destroys(String verb, String id, Consumer<Runnable> act) {
    return submits(Styles.DANGER_TEXT, verb, id, act);
  }

  private FormDialog submits(String usual, String verb, String id, Consumer<Runnable> act) {
    boolean production =
        desk.dialogs().environmentProperty().get().filter(Environment::isGuarded).isPresent();
    submit.getStyleClass().add(production ? Styles.DANGER : usual);
    submit.setText(verb);
    submit.setId(id);
    submit.setOnAction(_ -> act.accept(this::close));
    return this;
  }

  /** Only while there is something to change. */
  public FormDialog whereItChangesSomething() {
    submit
        .disableProperty()
        .bind(
            Bindings.createBooleanBinding(
                () -> form.busy().get() || form.preview().getValue().isEmpty(),
                form.busy(),
                form.preview()));
    return this;
  }

  public Button cancel() {
    return cancel;
  }

  public Button submit() {
    return submit;
  }

  /** At the left of the buttons; empty at first. */
  public Label note() {
    return note;
  }

  public FormDialog onClosed(Runnable action) {
    dialog.onClosed(action);
    return this;
  }

  public void show() {
    desk.dialogs().show(dialog);
  }

  public void show(Node focused) {
    show();
    FormParts.focus(focused);
  }

  public void close() {
    desk.dialogs().close(dialog);
  }
}
