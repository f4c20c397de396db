package dev.latchkey.kit.form;

import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** A labelled field with its hint below, which turns into what is wrong with it. */
public sealed class FormField extends VBox permits EndField {
  private final Label below = new Label();
  private final Node control;
  private String hint = "";
  private Tone tone = Tone.NEUTRAL;
  private String problem = "";

  public FormField(String name, Node control, ObservableValue<String> problem) {
    super(4);
    this.control = control;
    Label label = new Label(name);
    label.getStyleClass().add(Styles.FIELD_LABEL);
    label.setLabelFor(control);
    control.setAccessibleText(name);
    below.getStyleClass().add(Styles.HINT);
    below.setWrapText(true);
    below.setMinHeight(Region.USE_PREF_SIZE);
    below.managedProperty().bind(below.textProperty().isNotEmpty());
    getChildren().addAll(label, control, below);
    problem.subscribe(this::showProblem);
  }

  /** What to know about the field while nothing is wrong with it. */
  public final FormField hint(Tone tone, String text) {
    this.tone = tone;
    this.hint = text;
    show();
    return this;
  }

  private void showProblem(String text) {
    problem = text;
    show();
  }

  private void show() {
    boolean wrong = !problem.isEmpty();
    below.setText(wrong ? problem : hint);
    (wrong ? Tone.DANGER : tone).applyTo(below);
    Styles.toggle(control, Styles.INVALID, wrong);
    control.setAccessibleHelp(below.getText());
  }
}
