package dev.latchkey.desktop;

import dev.latchkey.connect.Keychain;
import dev.latchkey.connect.SystemKeychain;
import dev.latchkey.sandbox.SandboxSettings;
import dev.latchkey.settings.SettingsFolder;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import java.time.Clock;
import java.util.Optional;
import javafx.application.Application;
import javafx.stage.Stage;

/** The desktop program. */
public final class LatchkeyApp extends Application {
  private static final double WIDTH = 1_280;
  private static final double HEIGHT = 800;
  private static final double LEAST_WIDTH = 1_000;
  private static final double LEAST_HEIGHT = 640;

  private Keychain keychain = Keychain.none("The keychain was not asked yet.");
  private final SandboxDoor sandbox = new SandboxDoor(SandboxSettings.standard());
  private Optional<Wiring> wiring = Optional.empty();

  /** Not on the JavaFX thread: a keychain may take its time to answer. */
  @Override
  public void init() {
    keychain = SystemKeychain.open();
  }

  @Override
  public void start(Stage stage) {
    FxThread screen = new FxThread();
    Wiring built =
        new Wiring(
            SettingsFolder.standard(),
            sandbox,
            keychain,
            new BackgroundTasks(screen),
            screen,
            Clock.systemUTC());
    wiring = Optional.of(built);
    stage.setTitle("Latchkey");
    stage.setMinWidth(LEAST_WIDTH);
    stage.setMinHeight(LEAST_HEIGHT);
    stage.setScene(built.scene(WIDTH, HEIGHT));
    stage.show();
  }

  @Override
  public void stop() {
    wiring.ifPresent(Wiring::close);
    sandbox.close();
  }
}
