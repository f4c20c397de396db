package dev.latchkey.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.connect.Keychain;
import dev.latchkey.database.Environment;
import dev.latchkey.desktop.Preferences.ThemeChoice;
import dev.latchkey.sandbox.SandboxSettings;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import dev.latchkey.testing.FxHarness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, from the button that opens the sandbox to its keys. */
class SandboxJourneyTest {
  @RegisterExtension static final FxHarness fx = new FxHarness();

  @TempDir Path settings;

  @Test
  void openingTheSandboxShowsItsKeys() throws Exception {
    Path home = Files.createDirectories(Path.of("target", "sandbox-journey").toAbsolutePath());
    try (SandboxDoor sandbox = new SandboxDoor(SandboxSettings.in(home.resolve("sandbox")))) {
      Wiring wiring = open(sandbox);
      try {
        fx.clickText("Open the sandbox");
        fx.waitUntil("the operator is in", () -> wiring.frame().workProperty().get().isPresent());
        fx.waitUntil("keys are shown", () -> rows() > 10);
        assertThat(wiring.frame().environment()).contains(Environment.SANDBOX);
        assertThat(fx.says("SANDBOX")).isTrue();
        fx.picture("sandbox-keys");
        fx.run(() -> wiring.preferences().themeProperty().set(ThemeChoice.DARK));
        fx.picture("sandbox-keys-dark");
        fx.resize(1_000, 700);
        fx.picture("sandbox-keys-narrow-dark");
        fx.run(() -> wiring.preferences().themeProperty().set(ThemeChoice.LIGHT));
        fx.picture("sandbox-keys-narrow");
        fx.resize(1_280, 800);
        fx.press(KeyCode.CONTROL, KeyCode.K);
        fx.picture("sandbox-palette");
        fx.type("sign out");
        fx.press(KeyCode.ENTER);
        assertThat(fx.says("NOT CONNECTED")).isTrue();
        fx.picture("sandbox-signed-out");
      } finally {
        fx.run(wiring::close);
      }
    }
  }

  private Wiring open(SandboxDoor sandbox) {
    FxThread screen = new FxThread();
    return fx.get(
        () -> {
          Wiring wiring =
              new Wiring(
                  settings,
                  sandbox,
                  Keychain.none("No keychain in this test."),
                  new BackgroundTasks(screen),
                  screen,
                  Clock.systemUTC());
          wiring.preferences().themeProperty().set(ThemeChoice.LIGHT);
          Stage stage = new Stage();
          stage.setScene(wiring.scene(1_280, 800));
          stage.setX(0);
          stage.setY(0);
          stage.show();
          fx.use(stage);
          return wiring;
        });
  }

  private static int rows() {
    return fx.scene().getRoot().lookupAll(".table-view").stream()
        .mapToInt(node -> ((TableView<?>) node).getItems().size())
        .max()
        .orElse(0);
  }
}
