package dev.latchkey.widget;

import dev.latchkey.task.Tasks;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.scene.input.Clipboard;
import javafx.scene.input.DataFormat;

/**
 * Copies text; a secret is taken out of the clipboard again after 45 seconds if it is still there.
 * For the JavaFX thread.
 */
public final class TimedClipboard {
  /** How long a secret stays, in seconds. */
  public static final int SECRET_SECONDS = 45;

  private final Tasks tasks;
  private final ReadOnlyIntegerWrapper secondsLeft = new ReadOnlyIntegerWrapper(0);
  private Optional<String> held = Optional.empty();
  private Tasks.Job timer = () -> {};

  public TimedClipboard(Tasks tasks) {
    this.tasks = tasks;
  }

  /** Copies what is no secret; it stays. */
  public void copy(String text) {
    stopCounting();
    put(text);
  }

  public void copySecret(String secret) {
    stopCounting();
    put(secret);
    held = Optional.of(secret);
    secondsLeft.set(SECRET_SECONDS);
    tick();
  }

  /** Seconds until a copied secret is removed; 0 when none waits. */
  public ReadOnlyIntegerProperty secondsLeftProperty() {
    return secondsLeft.getReadOnlyProperty();
  }

  /** Removes a copied secret at once: when the window closes, nobody is left to do it later. */
  public void clearSecret() {
    Clipboard clipboard = Clipboard.getSystemClipboard();
    if (held.isPresent() && held.get().equals(clipboard.getString())) {
      clipboard.clear();
    }
    stopCounting();
  }

  private void tick() {
    timer =
        tasks.later(
            1_000,
            () -> {
              secondsLeft.set(secondsLeft.get() - 1);
              if (secondsLeft.get() <= 0) {
                clearSecret();
              } else {
                tick();
              }
            });
  }

  private void stopCounting() {
    timer.cancel();
    held = Optional.empty();
    secondsLeft.set(0);
  }

  private static void put(String text) {
    Clipboard.getSystemClipboard().setContent(Map.of(DataFormat.PLAIN_TEXT, text));
  }
}
