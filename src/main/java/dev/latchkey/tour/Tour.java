package dev.latchkey.tour;

import dev.latchkey.connect.Keychain;
import dev.latchkey.desktop.Preferences.ThemeChoice;
import dev.latchkey.desktop.SandboxDoor;
import dev.latchkey.desktop.Wiring;
import dev.latchkey.sandbox.Sandbox;
import dev.latchkey.sandbox.SandboxSettings;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.stage.Stage;

/**
 * Drives the real console through its main job without a display: signs in to a sandbox with a
 * token, creates a key, uses it in SQL, revokes it, lets a person in and sends him away, and
 * photographs every screen on the way.
 */
public final class Tour {
  private static final double WIDTH = 1_280;
  private static final double HEIGHT = 800;

  private final Path pictures;
  private final Path sandboxFolder;
  private final PrintWriter out;

  /**
   * @param pictures the folder that gets the pictures; made where it is missing
   * @param sandboxFolder the tour's own sandbox, made anew each time
   */
  public Tour(Path pictures, Path sandboxFolder, PrintWriter out) {
    this.pictures = pictures;
    this.sandboxFolder = sandboxFolder;
    this.out = out;
  }

  /** Has JavaFX draw into memory. Before anything of JavaFX is used, and for the whole program. */
  public static void withoutDisplay() {
    System.setProperty("glass.platform", "Headless");
    System.setProperty("prism.order", "sw");
    System.setProperty("java.awt.headless", "true");
  }

  /** Takes the tour, telling each step. */
  public boolean take() {
    Steps steps = new Steps(out);
    Sandbox.reset(sandboxFolder);
    try (Sandbox sandbox = open(steps)) {
      startToolkit();
      FxThread screen = new FxThread();
      Wiring wiring = Hand.on(screen, () -> wiring(screen));
      Stage stage = Hand.on(screen, () -> window(wiring));
      try {
        walk(steps, sandbox, wiring, stage.getScene(), screen);
      } finally {
        Hand.on(
            screen,
            () -> {
              stage.close();
              wiring.close();
              return true;
            });
      }
    }
    return steps.finish();
  }

  private Sandbox open(Steps steps) {
    return steps.get(
        "Open a new sandbox in " + sandboxFolder,
        () ->
            Sandbox.open(
                SandboxSettings.in(sandboxFolder), (what, _) -> out.println("       " + what)));
  }

  private void walk(Steps steps, Sandbox sandbox, Wiring wiring, Scene scene, FxThread screen) {
    Hand hand = new Hand(screen, scene);
    Camera camera =
        new Camera(
            pictures,
            scene,
            hand,
            dark ->
                wiring
                    .preferences()
                    .themeProperty()
                    .set(dark ? ThemeChoice.DARK : ThemeChoice.LIGHT));
    PostgresApplication application = new PostgresApplication(sandbox.adminDataSource());
    try {
      new SignInWalk(steps, hand, camera, wiring).take(sandbox);
      new KeyWalk(steps, hand, camera, wiring, application).take();
      new AccessWalk(steps, hand, camera, wiring, application).take(sandbox);
      new ScreenWalk(steps, hand, camera, wiring).take();
      new DoctorWalk(steps, hand, camera, wiring, application).take(sandbox);
    } catch (TourFailure failure) {
      camera.picture("failed");
    }
    steps.told("%d pictures in %s".formatted(camera.pictures().size(), pictures));
  }

  private Wiring wiring(FxThread screen) {
    try {
      return new Wiring(
          Files.createTempDirectory("latchkey-tour"),
          new SandboxDoor(SandboxSettings.in(sandboxFolder)),
          Keychain.none("The tour keeps no secret."),
          new BackgroundTasks(screen),
          screen,
          Clock.systemUTC());
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  private static Stage window(Wiring wiring) {
    Stage stage = new Stage();
    stage.setTitle("Latchkey");
    stage.setScene(wiring.scene(WIDTH, HEIGHT));
    stage.setX(0);
    stage.setY(0);
    stage.show();
    return stage;
  }

  private static void startToolkit() {
    CountDownLatch started = new CountDownLatch(1);
    try {
      Platform.startup(started::countDown);
      started.await();
    } catch (IllegalStateException runningAlready) {
      // Then there is nothing to wait for: the window opens in the toolkit that runs.
      started.countDown();
    } catch (InterruptedException exception) {
      throw new TourFailure("the tour was interrupted", exception);
    }
    Platform.setImplicitExit(false);
  }
}
