package dev.latchkey.desktop;

import dev.latchkey.desktop.Preferences.ThemeChoice;
import dev.latchkey.widget.Theme;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.value.ObservableValue;
import javafx.scene.Scene;
import javafx.util.Subscription;

/** Dresses the window as the operator chose, or as the desktop is and becomes. */
final class ThemeSwitch {
  private final PreferencesViewModel preferences;
  private final ObservableValue<ColorScheme> system;

  ThemeSwitch(PreferencesViewModel preferences) {
    this.preferences = preferences;
    this.system = Platform.getPreferences().colorSchemeProperty();
  }

  /** Keeps {@code scene} dressed until the answer is ended. */
  Subscription dress(Scene scene) {
    Runnable apply = () -> theme().applyTo(scene);
    apply.run();
    return Subscription.combine(
        preferences.themeProperty().subscribe(apply), system.subscribe(apply));
  }

  private Theme theme() {
    ThemeChoice choice = preferences.themeProperty().get();
    boolean dark =
        choice == ThemeChoice.DARK
            || (choice == ThemeChoice.SYSTEM && system.getValue() == ColorScheme.DARK);
    return dark ? Theme.DARK : Theme.LIGHT;
  }
}
