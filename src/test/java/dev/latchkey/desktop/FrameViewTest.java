package dev.latchkey.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Environment;
import dev.latchkey.change.WriteMode;
import dev.latchkey.connect.Keychain;
import dev.latchkey.database.Database;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.Session;
import dev.latchkey.database.WhoAmI;
import dev.latchkey.desktop.Preferences.ThemeChoice;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.testing.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FrameViewTest {
  private static final Instant NOW = Instant.parse("2026-11-22T14:18:02Z");

  @RegisterExtension static final FxHarness fx = new FxHarness();

  @TempDir Path settings;
  private final TestClock clock = new TestClock(NOW);
  private final DirectTasks tasks = new DirectTasks();
  private Wiring wiring;

  @BeforeEach
  void window() {
    fx.run(
        () -> {
          wiring =
              new Wiring(
                  settings,
                  progress -> {
                    throw new IllegalStateException("no sandbox in this test");
                  },
                  Keychain.none("No keychain in this test."),
                  tasks,
                  Runnable::run,
                  clock);
          wiring.preferences().themeProperty().set(ThemeChoice.LIGHT);
          Stage stage = new Stage();
          stage.setScene(wiring.scene(1_280, 800));
          stage.setX(0);
          stage.setY(0);
          stage.show();
          fx.use(stage);
        });
    fx.settle();
  }

  @Test
  void beforeSignInOnlyConnectAndPreferencesCanBeReached() {
    assertThat(fx.says("NOT CONNECTED")).isTrue();
    assertThat(fx.find("#nav-keys").isDisabled()).isTrue();
    fx.picture("frame-not-connected");
    fx.click("#nav-preferences");
    assertThat(fx.says("Theme")).isTrue();
    fx.picture("preferences");
    fx.clickText("Dark");
    fx.picture("preferences-dark");
    assertThat(settings.resolve("preferences.json")).content().contains("DARK");
  }

  @Test
  void signedInTheTopBarNamesDatabaseAndEnd() {
    enter(Environment.SANDBOX);
    fx.press(KeyCode.CONTROL, KeyCode.DIGIT1);
    assertThat(fx.says("access ends in 42 min")).isTrue();
    assertThat(fx.says("latchkey_admin @ 127.0.0.1:54329/app")).isTrue();
    assertThat(fx.says("Overview comes with a later version")).isTrue();
    fx.picture("frame-overview");
    for (int digit = 3; digit <= 5; digit++) {
      fx.press(KeyCode.CONTROL, KeyCode.getKeyCode(String.valueOf(digit)));
      fx.picture("frame-later-" + digit);
    }
    fx.resize(1_000, 700);
    fx.picture("frame-narrow");
    fx.run(() -> wiring.preferences().themeProperty().set(ThemeChoice.DARK));
    fx.picture("frame-narrow-dark");
  }

  @Test
  void thePaletteFindsCommandsAndSaysWhyOneCannotRun() {
    fx.press(KeyCode.CONTROL, KeyCode.K);
    fx.type("go to");
    fx.picture("palette");
    assertThat(fx.says("Connect to a database first.")).isTrue();
    fx.press(KeyCode.ENTER);
    assertThat(dialogIsOpen()).isTrue();
    fx.press(KeyCode.ESCAPE);
    fx.press(KeyCode.ESCAPE);
    assertThat(dialogIsOpen()).isFalse();
    fx.press(KeyCode.CONTROL, KeyCode.K);
    fx.type("theme dark");
    fx.press(KeyCode.ENTER);
    assertThat(fx.get(() -> wiring.preferences().themeProperty().get()))
        .isEqualTo(ThemeChoice.DARK);
    fx.press(KeyCode.F1);
    fx.picture("help-dark");
    assertThat(fx.says("Keyboard")).isTrue();
  }

  @Test
  void thePaletteExaminesTheProfileOfTheConnectScreen() {
    fx.run(() -> wiring.connect().paste("postgresql://me@127.0.0.1:1/app?sslmode=disable"));
    fx.run(() -> wiring.frame().placeProperty().set(Place.PREFERENCES));
    fx.press(KeyCode.CONTROL, KeyCode.K);
    fx.type("diagnose");
    fx.press(KeyCode.ENTER);
    assertThat(fx.says("127.0.0.1 is there, but nobody listens at port 1.")).isTrue();
    assertThat(fx.says("There is no token or password.")).isTrue();
    fx.picture("frame-doctor");
    fx.resize(1_000, 700);
    fx.picture("frame-doctor-narrow");

    enter(Environment.SANDBOX);
    fx.press(KeyCode.CONTROL, KeyCode.K);
    fx.type("diagnose");
    assertThat(fx.says("You are connected. Sign out to examine a profile.")).isTrue();
  }

  @Test
  void productionOpensReadOnlyAndAsksBeforeWriting() {
    enter(Environment.PRODUCTION);
    assertThat(fx.says("Read-only")).isTrue();
    fx.click("#write");
    fx.picture("write-mode");
    fx.clickText("Turn on write mode");
    assertThat(fx.says("Write mode")).isTrue();
    assertThat(fx.says("15:00")).isTrue();
    assertThat(fx.says("Write mode: changes apply to PRODUCTION")).isTrue();
    fx.picture("frame-production");
    clock.advance(Duration.ofMinutes(9));
    fx.run(tasks::elapse);
    assertThat(fx.says("6:00")).isTrue();
    clock.advance(Duration.ofMinutes(1));
    fx.run(tasks::elapse);
    assertThat(fx.says("Read-only")).isTrue();
  }

  @Test
  void theEndIsAnnouncedAndThenAFreshTokenIsAskedFor() {
    enter(Environment.STAGING);
    fx.press(KeyCode.CONTROL, KeyCode.DIGIT1);
    clock.advance(Duration.ofMinutes(33));
    fx.run(tasks::elapse);
    assertThat(fx.says("Renew access")).isTrue();
    fx.picture("frame-ending");
    clock.advance(Duration.ofMinutes(10));
    fx.run(tasks::elapse);
    assertThat(fx.says("Your access has ended")).isTrue();
    fx.press(KeyCode.ESCAPE);
    assertThat(dialogIsOpen()).isTrue();
    fx.picture("access-ended");
    assertThat(fx.<Boolean>get(() -> wiring.frame().writingProperty().get())).isFalse();
    fx.type("jit_cut");
    fx.clickText("Renew access");
    fx.waitUntil("the doctor knows", () -> fx.scene().getRoot().lookup("#renew-finding") != null);
    fx.picture("access-ended-failed");
    fx.theme(dev.latchkey.widget.Theme.DARK);
    fx.picture("access-ended-failed-dark");
    assertThat(fx.says("127.0.0.1 is there, but nobody listens at port 1.")).isTrue();
    fx.clickText("Sign out");
    assertThat(fx.says("NOT CONNECTED")).isTrue();
  }

  private boolean dialogIsOpen() {
    return fx.get(() -> !fx.scene().getRoot().lookupAll(".lk-dialog").isEmpty());
  }

  private void enter(Environment environment) {
    int port = environment == Environment.STAGING ? 1 : 54_329;
    Database database = new Database(Endpoint.loopback(port, "app", "latchkey_admin"));
    WhoAmI who =
        new WhoAmI(
            "latchkey_admin",
            Optional.empty(),
            Optional.of("m.lindqvist@acme.io"),
            Optional.of("Mara Lindqvist"),
            Optional.empty(),
            Optional.of(clock.instant().plus(Duration.ofMinutes(42)).plusSeconds(10)),
            Optional.empty(),
            Optional.empty(),
            true,
            false);
    Session session = new Session(database, environment, who, "17.11");
    fx.run(
        () ->
            wiring
                .frame()
                .enter(new Work(session, WriteMode.in(environment, clock), LaterScreens.all())));
    fx.settle();
  }
}
