package dev.latchkey.kit.form;

import dev.latchkey.widget.DayText;
import dev.latchkey.widget.Styles;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.DatePicker;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;

/** A day and a time of day, both in UTC. */
public final class MomentField extends HBox {
  public MomentField(MomentViewModel moment) {
    super(8);
    TextField time = new TextField();
    time.setPrefWidth(70);
    time.setMinWidth(70);
    time.setAccessibleText("Time of day, UTC");
    time.textProperty().bindBidirectional(moment.time());
    Label zone = new Label("UTC");
    zone.getStyleClass().add(Styles.HINT);
    zone.setMinWidth(Label.USE_PREF_SIZE);
    getChildren().addAll(day(moment, "Day, UTC"), time, zone);
    setAlignment(Pos.CENTER_LEFT);
  }

  static DatePicker day(MomentViewModel moment, String name) {
    DatePicker day = new DatePicker();
    day.setPromptText("YYYY-MM-DD");
    day.setPrefWidth(140);
    day.setMinWidth(120);
    day.setAccessibleText(name);
    day.setConverter(new DayText());
    day.setValue(moment.day().get().orElse(null));
    day.valueProperty().subscribe(value -> moment.day().set(Optional.ofNullable(value)));
    return day;
  }
}
