package dev.latchkey.kit.drawer;

import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import javafx.beans.value.ObservableBooleanValue;
import javafx.geometry.Pos;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/** Why the buttons above cannot be used, and the way out where write mode is what is missing. */
public final class WhyNotLine extends HBox {
  private static final int LOCK = 12;

  private final Label reason = new Label();

  public WhyNotLine(ObservableBooleanValue readOnly, Runnable askForWriteMode) {
    super(6);
    reason.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    reason.setWrapText(true);
    reason.setMinHeight(Region.USE_PREF_SIZE);
    Hyperlink turnOn = new Hyperlink("Turn on write mode");
    turnOn.getStyleClass().add(Styles.SMALL_TEXT);
    turnOn.setOnAction(_ -> askForWriteMode.run());
    turnOn.visibleProperty().bind(readOnly);
    turnOn.managedProperty().bind(turnOn.visibleProperty());
    turnOn.setMinWidth(Region.USE_PREF_SIZE);
    getChildren().addAll(Icons.of(Icons.LOCK, LOCK), reason, turnOn);
    setAlignment(Pos.CENTER_LEFT);
    managedProperty().bind(visibleProperty());
  }

  /** Shows the reason; nothing when it is empty. */
  public void show(String why) {
    reason.setText(why);
    setVisible(!why.isEmpty());
  }
}
