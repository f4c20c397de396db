package dev.latchkey.connect;

import dev.latchkey.widget.EnvironmentChip;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** A profile in the list: environment, name, place, and when it was last used. */
final class ProfileCell extends ListCell<Profile> {
  private final Times times;
  private final Region dot = new Region();
  private final Label name = new Label();
  private final Label place = new Label();
  private final Label used = new Label();
  private final HBox content;

  ProfileCell(Times times) {
    this.times = times;
    dot.getStyleClass().addAll("lk-dot", "lk-dot-8");
    place.getStyleClass().addAll(Styles.MONO_SMALL, Styles.MUTED);
    used.getStyleClass().addAll(Styles.TINY_TEXT, Styles.MUTED);
    used.setMinWidth(USE_PREF_SIZE);
    VBox lines = new VBox(2, name, place);
    lines.setAlignment(Pos.CENTER_LEFT);
    lines.setMinWidth(0);
    HBox.setHgrow(lines, Priority.ALWAYS);
    VBox right = new VBox(used);
    right.setAlignment(Pos.TOP_RIGHT);
    right.setMinWidth(USE_PREF_SIZE);
    content = new HBox(14, dot, lines, right);
    content.setAlignment(Pos.CENTER_LEFT);
    content.setMaxHeight(36);
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    setPrefWidth(0);
  }

  @Override
  protected void updateItem(Profile profile, boolean empty) {
    super.updateItem(profile, empty);
    if (empty || profile == null) {
      setGraphic(null);
      setTooltip(null);
      return;
    }
    Tone tone = EnvironmentChip.tone(Optional.of(profile.environment()));
    tone.applyTo(dot);
    name.setText(profile.name());
    place.setText(profile.host().isBlank() ? "no host yet" : profile.place());
    used.setText(profile.lastConnected().map(times::ago).orElse(""));
    setTooltip(profile.lastConnected().map(times::exact).map(Tooltip::new).orElse(null));
    setAccessibleText(
        "%s, %s, %s".formatted(profile.name(), profile.environment().label(), place.getText()));
    setGraphic(content);
  }
}
