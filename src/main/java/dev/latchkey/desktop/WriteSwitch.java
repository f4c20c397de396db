package dev.latchkey.desktop;

import dev.latchkey.change.Environment;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Duration;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

/**
 * What the write-mode button of the top bar shows: lock or pen, the mode, what is left, a switch.
 */
final class WriteSwitch {
  private final Button button;
  private final HBox content = new HBox(8);
  private final Label word = new Label();
  private final Label left = new Label();
  private final StackPane toggle = new StackPane();
  private final Tooltip tooltip = new Tooltip();

  WriteSwitch(Button button) {
    this.button = button;
    left.getStyleClass().add(Styles.MONO);
    Region knob = new Region();
    knob.getStyleClass().add("lk-knob");
    toggle.getStyleClass().add("lk-switch");
    toggle.getChildren().add(knob);
    content.setAlignment(Pos.CENTER);
    button.setGraphic(content);
    button.setTooltip(tooltip);
  }

  void show(boolean on, Optional<Environment> environment, Optional<Duration> timeLeft) {
    Tone tone = Tone.NEUTRAL;
    if (on) {
      tone = environment.filter(Environment::isGuarded).isPresent() ? Tone.DANGER : Tone.WARNING;
    }
    tone.applyTo(button);
    word.setText(on ? "Write mode" : "Read-only");
    content.getChildren().setAll(Icons.of(on ? Icons.WRITE : Icons.LOCK, 14, tone), word);
    timeLeft.ifPresent(
        time -> {
          left.setText(Times.countdown(time));
          content.getChildren().add(left);
        });
    content.getChildren().add(toggle);
    tooltip.setText(on ? "Turn write mode off" : "Turn write mode on");
    button.setAccessibleText(
        on ? "Write mode is on. Turn it off" : "Read-only. Turn write mode on");
  }
}
