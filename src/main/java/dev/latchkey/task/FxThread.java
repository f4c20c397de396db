package dev.latchkey.task;

import java.util.concurrent.Executor;
import javafx.application.Platform;

/** The only way onto the JavaFX thread. */
public final class FxThread implements Executor {
  @Override
  public void execute(Runnable action) {
    if (Platform.isFxApplicationThread()) {
      action.run();
    } else {
      Platform.runLater(action);
    }
  }
}
