package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.screen.ExpiryViewModel.Choice;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.widget.DayText;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.DatePicker;
import javafx.scene.layout.HBox;

/** Chooses when a key ends. */
final class ExpiryField {
  private final ExpiryViewModel model;
  private final Times times;
  private final Optional<ApiKey> existing;
  private final Segments<Choice> choices = new Segments<>();
  private final DatePicker day = new DatePicker();
  private final FormField field;

  /**
   * @param existing the key whose expiry may also be kept
   */
  ExpiryField(
      ExpiryViewModel model,
      ObservableValue<String> problem,
      Times times,
      Optional<ApiKey> existing) {
    this.model = model;
    this.times = times;
    this.existing = existing;
    for (Choice choice : offered()) {
      choices.add(choice, choice.label());
    }
    choices.setValue(model.choice().get());
    choices.valueProperty().bindBidirectional(model.choice());
    day.setPromptText("YYYY-MM-DD");
    day.setPrefWidth(140);
    day.setMinWidth(120);
    day.setAccessibleText("Last day, UTC");
    day.setConverter(new DayText());
    day.visibleProperty().bind(model.choice().isEqualTo(Choice.DATE));
    day.managedProperty().bind(day.visibleProperty());
    day.valueProperty().subscribe(value -> model.date().set(Optional.ofNullable(value)));
    HBox line = new HBox(8, choices, day);
    line.setAlignment(Pos.CENTER_LEFT);
    field = new FormField("Expires", line, problem);
    field.getStyleClass().add("lk-expiry");
    model.onChange(this::explain);
    explain();
    choices.getStyleClass().add(Styles.SMALL);
  }

  FormField field() {
    return field;
  }

  private List<Choice> offered() {
    List<Choice> usual =
        List.of(Choice.WEEK, Choice.MONTH, Choice.QUARTER, Choice.YEAR, Choice.DATE, Choice.NEVER);
    return existing.isEmpty()
        ? usual
        : Stream.concat(Stream.of(Choice.KEEP), usual.stream()).toList();
  }

  private void explain() {
    switch (model.choice().get()) {
      case KEEP ->
          field.hint(
              Tone.NEUTRAL,
              existing
                  .flatMap(ApiKey::expiresAt)
                  .map(at -> "Expires " + times.minute(at))
                  .orElse("Does not expire"));
      case NEVER ->
          field.hint(
              Tone.WARNING,
              "Without an expiry the key works until somebody thinks of revoking it.");
      default ->
          field.hint(
              Tone.NEUTRAL, model.expiresAt().map(at -> "Ends " + times.minute(at)).orElse(""));
    }
  }
}
