package dev.latchkey.tour;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.Scene;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.stage.Window;
import javax.imageio.ImageIO;

/** Saves pictures of a window, each in light and dark. */
final class Camera {
  private static final double LEAST_WIDTH = 1_000;

  private final Path folder;
  private final Scene scene;
  private final Hand hand;
  private final Consumer<Boolean> dark;
  private final List<Path> pictures = new ArrayList<>();

  /**
   * @param dark dresses the window in the dark theme, or with false in the light one; called on the
   *     JavaFX thread
   */
  Camera(Path folder, Scene scene, Hand hand, Consumer<Boolean> dark) {
    this.folder = folder;
    this.scene = scene;
    this.hand = hand;
    this.dark = dark;
  }

  /** Saves {@code name.png} and {@code name-dark.png}. */
  void picture(String name) {
    one(name, false);
    one(name + "-dark", true);
    hand.run(() -> dark.accept(false));
    hand.settle();
  }

  /** The same of the window at its least width, which it has only for the picture. */
  void narrow(String name) {
    Window window = scene.getWindow();
    double before = hand.ask(window::getWidth);
    hand.run(() -> window.setWidth(LEAST_WIDTH));
    picture(name);
    hand.run(() -> window.setWidth(before));
    hand.settle();
  }

  List<Path> pictures() {
    return List.copyOf(pictures);
  }

  private void one(String name, boolean inDark) {
    hand.run(() -> dark.accept(inDark));
    hand.settle();
    Path file = folder.resolve(name + ".png");
    save(hand.ask(() -> scene.snapshot(null)), file);
    pictures.add(file);
  }

  private static void save(WritableImage image, Path file) {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    int[] pixels = new int[width * height];
    image
        .getPixelReader()
        .getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, width, height, pixels, 0, width);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!ImageIO.write(picture, "png", file.toFile())) {
        throw new IOException("this Java writes no png");
      }
    } catch (IOException exception) {
      throw new UncheckedIOException("could not save " + file, exception);
    }
  }
}
