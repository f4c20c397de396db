package dev.latchkey.widget;

import dev.latchkey.change.Environment;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.control.Label;

/** Names the environment in capitals; production is the only solid one. */
public final class EnvironmentChip extends Label {
  public EnvironmentChip(Optional<Environment> environment) {
    getStyleClass().add("lk-environment");
    setMinWidth(USE_PREF_SIZE);
    show(environment);
  }

  /** Empty: not connected. */
  public void show(Optional<Environment> environment) {
    setText(environment.map(Environment::label).orElse("Not connected").toUpperCase(Locale.ROOT));
    tone(environment).applyTo(this);
  }

  /** The colour of an environment, here and in the line over the window. */
  public static Tone tone(Optional<Environment> environment) {
    return environment
        .map(
            known ->
                switch (known) {
                  case SANDBOX -> Tone.SUCCESS;
                  case DEVELOPMENT -> Tone.ACCENT;
                  case STAGING -> Tone.WARNING;
                  case PRODUCTION -> Tone.DANGER;
                })
        .orElse(Tone.NEUTRAL);
  }
}
