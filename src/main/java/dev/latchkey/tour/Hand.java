package dev.latchkey.tour;

import dev.latchkey.task.FxThread;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.robot.Robot;
import javafx.scene.text.Text;

/**
 * Works a window as a person would, from a thread that is not the JavaFX thread: finds what is
 * visible, clicks it, writes into it, and waits for what follows.
 */
final class Hand {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PULSES_TO_SETTLE = 3;

  private final FxThread screen;
  private final Scene scene;
  private final Robot robot;

  Hand(FxThread screen, Scene scene) {
    this.screen = screen;
    this.scene = scene;
    this.robot = on(screen, Robot::new);
  }

  /** Asks on the JavaFX thread. */
  static <T> T on(FxThread screen, Callable<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    screen.execute(
        () -> {
          try {
            answer.complete(question.call());
          } catch (Exception | Error failure) {
            answer.completeExceptionally(failure);
          }
        });
    try {
      return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException exception) {
      throw exception.getCause() instanceof TourFailure failure
          ? failure
          : new TourFailure(String.valueOf(exception.getCause()), exception.getCause());
    } catch (InterruptedException | TimeoutException exception) {
      throw new TourFailure("the window does not answer", exception);
    }
  }

  <T> T ask(Callable<T> question) {
    return on(screen, question);
  }

  void run(Runnable action) {
    ask(
        () -> {
          action.run();
          return true;
        });
  }

  /** Waits until styles and layout were applied and drawn. */
  void settle() {
    for (int pulse = 0; pulse < PULSES_TO_SETTLE; pulse++) {
      CountDownLatch drawn = new CountDownLatch(1);
      Runnable listener = drawn::countDown;
      run(
          () -> {
            scene.addPostLayoutPulseListener(listener);
            Platform.requestNextPulse();
          });
      await(drawn);
      run(() -> scene.removePostLayoutPulseListener(listener));
    }
  }

  private static void await(CountDownLatch drawn) {
    try {
      if (!drawn.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new TourFailure("the window is not drawn");
      }
    } catch (InterruptedException exception) {
      throw new TourFailure("the tour was interrupted", exception);
    }
  }

  /** Waits until {@code condition}, asked on the JavaFX thread, holds. */
  void waitUntil(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!ask(condition::getAsBoolean)) {
      if (Instant.now().isAfter(end)) {
        throw new TourFailure("waited in vain until " + what);
      }
      settle();
    }
    settle();
  }

  /** The visible node that a CSS selector such as {@code #host} finds first. */
  <T extends Node> T find(String selector, Class<T> type) {
    waitUntil(selector + " is visible", () -> visible(selector).isPresent());
    return ask(() -> type.cast(visible(selector).orElseThrow()));
  }

  /** Whether one of the nodes that a CSS selector finds says exactly this. On the JavaFX thread. */
  boolean says(String selector, String text) {
    return scene.getRoot().lookupAll(selector).stream()
        .anyMatch(node -> node instanceof Labeled labeled && text.equals(labeled.getText()));
  }

  /** Whether any text contains this, also where it is cut. On the JavaFX thread. */
  boolean saysSomewhere(String text) {
    return Stream.concat(
            scene.getRoot().lookupAll(".label").stream(),
            scene.getRoot().lookupAll(".text").stream())
        .anyMatch(
            node ->
                switch (node) {
                  case Labeled labeled -> String.valueOf(labeled.getText()).contains(text);
                  case Text piece -> piece.getText().contains(text);
                  default -> false;
                });
  }

  void click(String selector) {
    click(selector + " is visible", () -> visible(selector));
  }

  void clickText(String text) {
    click("\"" + text + "\" is visible", () -> labelled(scene.getRoot(), text));
  }

  /** What is looked for may be drawn anew meanwhile: it is clicked in the moment it is found. */
  private void click(String what, Supplier<Optional<Node>> wanted) {
    settle();
    waitUntil(what, () -> wanted.get().filter(this::clicked).isPresent());
  }

  private boolean clicked(Node node) {
    Bounds place = node.localToScreen(node.getBoundsInLocal());
    robot.mouseMove(place.getCenterX(), place.getCenterY());
    robot.mouseClick(MouseButton.PRIMARY);
    return true;
  }

  /** Writes {@code text} into a field in place of what was there. */
  void write(String selector, String text) {
    TextInputControl field = find(selector, TextInputControl.class);
    run(
        () -> {
          field.requestFocus();
          field.setText(text);
        });
    settle();
  }

  /** Presses keys together: {@code press(CONTROL, K)}. */
  void press(KeyCode... keys) {
    run(
        () -> {
          for (KeyCode key : keys) {
            robot.keyPress(key);
          }
          for (KeyCode key : List.of(keys).reversed()) {
            robot.keyRelease(key);
          }
        });
    settle();
  }

  private Optional<Node> visible(String selector) {
    return scene.getRoot().lookupAll(selector).stream().filter(Hand::isShown).findFirst();
  }

  /** The last one that is visible: a dialog is drawn, and found, after what is below it. */
  private static Optional<Node> labelled(Node node, String text) {
    if (!node.isVisible()) {
      return Optional.empty();
    }
    if (node instanceof Labeled labeled && text.equals(labeled.getText())) {
      return Optional.of(labeled);
    }
    return node instanceof Parent parent
        ? parent.getChildrenUnmodifiable().reversed().stream()
            .map(child -> labelled(child, text))
            .flatMap(Optional::stream)
            .findFirst()
        : Optional.empty();
  }

  private static boolean isShown(Node node) {
    for (Node step = node; step != null; step = step.getParent()) {
      if (!step.isVisible()) {
        return false;
      }
    }
    return true;
  }
}
