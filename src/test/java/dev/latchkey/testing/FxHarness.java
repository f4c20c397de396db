package dev.latchkey.testing;

import dev.latchkey.widget.Theme;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javafx.application.Platform;
import javafx.event.Event;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.control.Labeled;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.paint.Color;
import javafx.scene.robot.Robot;
import javafx.stage.PopupWindow;
import javafx.stage.Stage;
import javafx.stage.Window;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * Shows real windows without a display, and works them as a person would:
 *
 * <pre>{@code
 * @RegisterExtension static final FxHarness fx = new FxHarness();
 * }</pre>
 *
 * <p>A test fails when anything was thrown on the JavaFX thread or when the stylesheets caused a
 * warning. Waiting is for pulses or for a condition, never for a time.
 */
public final class FxHarness implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
  private static final Path PICTURES = Path.of("target", "pictures");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STARTED = "started";

  private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
  private final List<String> cssWarnings = new CopyOnWriteArrayList<>();
  private final Handler cssListener = new CssListener();
  private Stage stage;
  private Robot robot;

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getStore(StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.create(FxHarness.class))
        .computeIfAbsent(STARTED, key -> startToolkit(), Boolean.class);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    uncaught.clear();
    cssWarnings.clear();
    Logger.getLogger("javafx.css").addHandler(cssListener);
    run(() -> Thread.currentThread().setUncaughtExceptionHandler((_, e) -> uncaught.add(e)));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (stage != null) {
      run(stage::close);
      stage = null;
    }
    Logger.getLogger("javafx.css").removeHandler(cssListener);
    if (!uncaught.isEmpty()) {
      throw new AssertionError("thrown on the JavaFX thread", uncaught.getFirst());
    }
    if (!cssWarnings.isEmpty()) {
      throw new AssertionError(
          "%d stylesheet warnings, first: %s"
              .formatted(cssWarnings.size(), cssWarnings.getFirst()));
    }
  }

  /** Opens a window of exactly this size in the light theme. */
  public <T extends Parent> T show(int width, int height, Supplier<T> root) {
    return show(width, height, Theme.LIGHT, root);
  }

  /** Opens a window; {@code root} is built on the JavaFX thread. */
  public <T extends Parent> T show(int width, int height, Theme theme, Supplier<T> root) {
    T shown =
        get(
            () -> {
              T built = root.get();
              Scene scene = new Scene(built, width, height);
              theme.applyTo(scene);
              stage = new Stage();
              stage.setScene(scene);
              stage.setX(0);
              stage.setY(0);
              stage.show();
              stage.requestFocus();
              return built;
            });
    settle();
    return shown;
  }

  /** Takes over a window that the program itself opened; it is closed after the test. */
  public void use(Stage opened) {
    stage = opened;
  }

  public Scene scene() {
    return stage.getScene();
  }

  public Stage stage() {
    return stage;
  }

  /** Another theme for the open window. */
  public void theme(Theme theme) {
    run(() -> theme.applyTo(scene()));
    settle();
  }

  /** Another size for the open window. */
  public void resize(int width, int height) {
    run(
        () -> {
          stage.setWidth(width);
          stage.setHeight(height);
        });
    settle();
  }

  /** Runs on the JavaFX thread and waits until it is done. */
  public void run(Runnable action) {
    get(
        () -> {
          action.run();
          return true;
        });
  }

  /** Answers what {@code question} answers on the JavaFX thread; there it is asked at once. */
  public <T> T get(Callable<T> question) {
    if (Platform.isFxApplicationThread()) {
      return now(question);
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    Platform.runLater(
        () -> {
          try {
            answer.complete(question.call());
          } catch (Throwable failure) {
            answer.completeExceptionally(failure);
          }
        });
    try {
      return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException exception) {
      if (exception.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (exception.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(exception.getCause());
    } catch (InterruptedException | TimeoutException exception) {
      throw new AssertionError("the JavaFX thread does not answer", exception);
    }
  }

  private static <T> T now(Callable<T> question) {
    try {
      return question.call();
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Waits until styles and layout have been applied: two pulses. */
  public void settle() {
    if (stage == null) {
      run(() -> {});
      return;
    }
    CountDownLatch pulses = new CountDownLatch(1);
    AtomicInteger left = new AtomicInteger(2);
    Runnable[] listener = new Runnable[1];
    listener[0] =
        () -> {
          if (left.decrementAndGet() <= 0) {
            scene().removePostLayoutPulseListener(listener[0]);
            pulses.countDown();
          } else {
            Platform.requestNextPulse();
          }
        };
    run(
        () -> {
          scene().addPostLayoutPulseListener(listener[0]);
          Platform.requestNextPulse();
        });
    try {
      if (!pulses.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("no pulse came");
      }
    } catch (InterruptedException exception) {
      throw new AssertionError(exception);
    }
  }

  /** Waits until {@code condition}, asked on the JavaFX thread, is true; fails after 20 seconds. */
  public void waitUntil(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!get(condition::getAsBoolean)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain until " + what);
      }
      settle();
    }
    settle();
  }

  /** The first visible node that matches a CSS selector such as {@code #host}. */
  public Node find(String selector) {
    return get(
        () ->
            stage.getScene().getRoot().lookupAll(selector).stream()
                .filter(FxHarness::isShown)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing visible matches " + selector)));
  }

  /** Whether a visible node matches a CSS selector. */
  public boolean shows(String selector) {
    return get(
        () -> stage.getScene().getRoot().lookupAll(selector).stream().anyMatch(FxHarness::isShown));
  }

  public <T extends Node> T find(String selector, Class<T> type) {
    return type.cast(find(selector));
  }

  /** The visible button, link, label or check box with exactly this text. */
  public Labeled labelled(String text) {
    return findLabelled(text)
        .orElseThrow(() -> new AssertionError("nothing visible says \"" + text + "\""));
  }

  /** Whether a label or button with exactly this text is visible. */
  public boolean says(String text) {
    return findLabelled(text).isPresent();
  }

  /** Clicks the middle of {@code node}. */
  public void click(Node node) {
    settle();
    run(
        () -> {
          Bounds bounds = node.localToScreen(node.getBoundsInLocal());
          robot().mouseMove(bounds.getCenterX(), bounds.getCenterY());
          robot().mouseClick(MouseButton.PRIMARY);
        });
    settle();
  }

  public void click(String selector) {
    click(find(selector));
  }

  public void clickText(String text) {
    click(labelled(text));
  }

  /** Presses the keys together, the last one also released first: {@code press(CONTROL, K)}. */
  public void press(KeyCode... keys) {
    run(
        () -> {
          for (KeyCode key : keys) {
            robot().keyPress(key);
          }
          for (int index = keys.length - 1; index >= 0; index--) {
            robot().keyRelease(keys[index]);
          }
        });
    settle();
  }

  /** Types into whatever has the focus. */
  public void type(String text) {
    run(
        () ->
            text.codePoints()
                .mapToObj(Character::toString)
                .forEach(
                    character ->
                        Event.fireEvent(
                            scene().getFocusOwner(),
                            new KeyEvent(
                                KeyEvent.KEY_TYPED,
                                character,
                                "",
                                KeyCode.UNDEFINED,
                                false,
                                false,
                                false,
                                false))));
    settle();
  }

  /** Saves the window's content to {@code target/pictures/<name>.png}. */
  public Path picture(String name) {
    settle();
    return save(name, get(this::composed));
  }

  /** The window with its menus and tooltips, which are windows of their own, in their places. */
  private BufferedImage composed() {
    BufferedImage picture = pixels(scene().snapshot(null));
    Graphics2D pen = picture.createGraphics();
    for (Window window : List.copyOf(Window.getWindows())) {
      if (window instanceof PopupWindow popup && popup.isShowing()) {
        int x = (int) (popup.getX() - stage.getX() - scene().getX());
        int y = (int) (popup.getY() - stage.getY() - scene().getY());
        SnapshotParameters clear = new SnapshotParameters();
        clear.setFill(Color.TRANSPARENT);
        pen.drawImage(pixels(popup.getScene().getRoot().snapshot(clear, null)), x, y, null);
      }
    }
    pen.dispose();
    return picture;
  }

  private Robot robot() {
    if (robot == null) {
      robot = new Robot();
    }
    return robot;
  }

  private Optional<Labeled> findLabelled(String text) {
    return get(() -> labelledIn(stage.getScene().getRoot(), text));
  }

  private static Optional<Labeled> labelledIn(Node node, String text) {
    if (!node.isVisible()) {
      return Optional.empty();
    }
    if (node instanceof Labeled labeled && text.equals(labeled.getText())) {
      return Optional.of(labeled);
    }
    if (!(node instanceof Parent parent)) {
      return Optional.empty();
    }
    return List.copyOf(parent.getChildrenUnmodifiable()).reversed().stream()
        .map(child -> labelledIn(child, text))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static boolean isShown(Node node) {
    for (Node step = node; step != null; step = step.getParent()) {
      if (!step.isVisible()) {
        return false;
      }
    }
    return true;
  }

  private static BufferedImage pixels(WritableImage image) {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    int[] pixels = new int[width * height];
    image
        .getPixelReader()
        .getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    picture.setRGB(0, 0, width, height, pixels, 0, width);
    return picture;
  }

  private static Path save(String name, BufferedImage picture) {
    try {
      Files.createDirectories(PICTURES);
      Path file = PICTURES.resolve(name + ".png");
      ImageIO.write(picture, "png", file.toFile());
      return file;
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  private static Boolean startToolkit() {
    CountDownLatch started = new CountDownLatch(1);
    try {
      Platform.startup(started::countDown);
      Platform.setImplicitExit(false);
      if (!started.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("JavaFX does not start");
      }
    } catch (IllegalStateException alreadyStarted) {
      Platform.setImplicitExit(false);
    } catch (InterruptedException exception) {
      throw new AssertionError(exception);
    }
    return true;
  }

  private final class CssListener extends Handler {
    @Override
    public void publish(LogRecord message) {
      if (message.getLevel().intValue() >= Level.WARNING.intValue()) {
        cssWarnings.add(message.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
