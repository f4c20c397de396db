package dev.latchkey.kit.form;

import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** A choice of lengths, and of a day or a day and time. */
public final class EndField extends FormField {
  private final EndViewModel end;
  private final Times times;

  public EndField(String name, EndViewModel end, ObservableValue<String> problem, Times times) {
    super(name, choice(end), problem);
    this.end = end;
    this.times = times;
    end.onChange(this::explain);
    explain();
  }

  /** Says anew when it ends: where it begins has changed. */
  public void explain() {
    boolean warns = end.kind() == EndChoice.Kind.NONE;
    hint(warns ? Tone.WARNING : Tone.NEUTRAL, end.explain(times));
  }

  private static Node choice(EndViewModel end) {
    Segments<EndChoice> choices = new Segments<>();
    end.offered().forEach(choice -> choices.add(choice, choice.label()));
    choices.setValue(end.choice().get());
    choices.valueProperty().bindBidirectional(end.choice());
    boolean byDay = end.offered().contains(EndChoice.DATE);
    Node custom =
        byDay ? MomentField.day(end.custom(), "Last day, UTC") : new MomentField(end.custom());
    custom
        .visibleProperty()
        .bind(end.choice().isEqualTo(byDay ? EndChoice.DATE : EndChoice.CUSTOM));
    custom.managedProperty().bind(custom.visibleProperty());
    if (!byDay) {
      return new VBox(6, choices, custom);
    }
    choices.getStyleClass().add(Styles.SMALL);
    HBox line = new HBox(8, choices, custom);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }
}
