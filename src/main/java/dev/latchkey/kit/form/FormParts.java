package dev.latchkey.kit.form;

import dev.latchkey.change.Change;
import dev.latchkey.change.Environment;
import dev.latchkey.change.ReasonRule;
import dev.latchkey.rows.Failure;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.DayText;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.DatePicker;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/** What forms are made of. */
public final class FormParts {
  /** For a scroll bar at the right of a form. */
  private static final double BAR = 12;

  private final DialogLayer dialogs;
  private final TimedClipboard clipboard;
  private final Times times;

  public FormParts(DialogLayer dialogs, TimedClipboard clipboard, Times times) {
    this.dialogs = dialogs;
    this.clipboard = clipboard;
    this.times = times;
  }

  public DialogLayer dialogs() {
    return dialogs;
  }

  public TimedClipboard clipboard() {
    return clipboard;
  }

  public Times times() {
    return times;
  }

  /** Filled with the accent; on production in red. */
  public void markConfirming(Button button) {
    boolean production =
        dialogs.environmentProperty().get().filter(Environment::isGuarded).isPresent();
    button.getStyleClass().add(production ? Styles.DANGER : Styles.ACCENT);
  }

  /** Red: filled on production, otherwise as a text. */
  public void markDestructive(Button button) {
    boolean production =
        dialogs.environmentProperty().get().filter(Environment::isGuarded).isPresent();
    button.getStyleClass().add(production ? Styles.DANGER : Styles.DANGER_TEXT);
  }

  /** A failure at the top of a form, while there is one. */
  public VBox trouble(ObservableValue<Optional<Failure>> failure) {
    VBox box = new VBox(8);
    box.managedProperty().bind(Bindings.isNotEmpty(box.getChildren()));
    failure.subscribe(
        now ->
            box.getChildren()
                .setAll(now.stream().map(told -> ErrorPane.inline(told, clipboard)).toList()));
    return box;
  }

  /**
   * The exact call below a form.
   *
   * @param lines that it usually takes
   */
  public VBox preview(
      ObservableValue<? extends Optional<? extends Change<?>>> change, String without, int lines) {
    CodePane code = code(lines);
    change.subscribe(
        now -> code.show(now.map(ready -> ready.request().preview()).orElse("-- " + without)));
    return preview(code);
  }

  public VBox preview(CodePane code) {
    Label title = new Label("SQL");
    title.getStyleClass().add(Styles.FIELD_LABEL);
    Label lead = new Label("runs as it stands here");
    lead.getStyleClass().add(Styles.HINT);
    return new VBox(4, new HBox(8, title, lead), code);
  }

  /** With room for so many lines; more of them scroll. */
  public CodePane code(int lines) {
    CodePane code = new CodePane(clipboard);
    code.showLines(lines);
    return code;
  }

  public FormField reason(
      StringProperty reason, ObservableValue<String> problem, ReasonRule rule, TextField field) {
    field.textProperty().bindBidirectional(reason);
    FormField form = new FormField("Reason", field, problem);
    form.hint(Tone.NEUTRAL, rule.hint());
    return form;
  }

  /** A choice of lengths, and of a day and time. */
  public FormField end(String name, EndViewModel end, ObservableValue<String> problem) {
    Segments<EndChoice> choices = new Segments<>();
    end.offered().forEach(choice -> choices.add(choice, choice.label()));
    choices.setValue(end.choice().get());
    choices.valueProperty().bindBidirectional(end.choice());
    HBox custom = moment(end.custom());
    custom.visibleProperty().bind(end.choice().isEqualTo(EndChoice.CUSTOM));
    custom.managedProperty().bind(custom.visibleProperty());
    VBox box = new VBox(6, choices, custom);
    FormField field = new FormField(name, box, problem);
    Runnable explain = () -> explain(field, end);
    end.onChange(explain);
    explain.run();
    return field;
  }

  public void explain(FormField field, EndViewModel end) {
    if (end.choice().get() == EndChoice.NONE) {
      field.hint(Tone.WARNING, "Without an end it works until somebody thinks of revoking it.");
    } else {
      field.hint(
          Tone.NEUTRAL,
          end.end().map(at -> "Ends " + times.minute(at) + ". ").orElse("") + end.limit());
    }
  }

  public HBox moment(MomentViewModel moment) {
    DatePicker day = new DatePicker();
    day.setPromptText("YYYY-MM-DD");
    day.setPrefWidth(140);
    day.setMinWidth(120);
    day.setAccessibleText("Day, UTC");
    day.setConverter(new DayText());
    day.setValue(moment.day().get().orElse(null));
    day.valueProperty().subscribe(value -> moment.day().set(Optional.ofNullable(value)));
    TextField time = new TextField();
    time.setPrefWidth(70);
    time.setMinWidth(70);
    time.setAccessibleText("Time of day, UTC");
    time.textProperty().bindBidirectional(moment.time());
    Label zone = new Label("UTC");
    zone.getStyleClass().add(Styles.HINT);
    zone.setMinWidth(Label.USE_PREF_SIZE);
    HBox line = new HBox(8, day, time, zone);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  /** A form that scrolls where the window is low. */
  public static ScrollPane scroll(Node... parts) {
    VBox form = new VBox(14, parts);
    form.setPadding(new Insets(0, BAR, 0, 0));
    ScrollPane scroll = new ScrollPane(form);
    scroll.setFitToWidth(true);
    scroll.setFocusTraversable(false);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add(Styles.PLAIN_SCROLL);
    // The bar stands in the dialog's margin, so that fields and buttons end at the same line.
    VBox.setMargin(scroll, new Insets(0, -BAR, 0, 0));
    return scroll;
  }

  /** What a scroll pane holds gets into the window, and can have the focus, a moment later. */
  public static void focus(Node field) {
    if (field.getScene() != null) {
      field.requestFocus();
      return;
    }
    Subscription[] waiting = {Subscription.EMPTY};
    waiting[0] =
        field
            .sceneProperty()
            .subscribe(
                (_, scene) -> {
                  waiting[0].unsubscribe();
                  field.requestFocus();
                });
  }

  public static HBox side(Node... parts) {
    HBox line = new HBox(12, parts);
    for (Node part : parts) {
      HBox.setHgrow(part, Priority.ALWAYS);
    }
    return line;
  }
}
