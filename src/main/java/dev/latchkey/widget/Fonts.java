package dev.latchkey.widget;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import javafx.scene.text.Font;

/** The fonts of the design, from the class path: no desktop has to have them installed. */
public final class Fonts {
  private static final String FOLDER = "/com/formdev/flatlaf/fonts/";
  private static final List<String> FILES =
      List.of(
          "inter/Inter-Regular.otf",
          "inter/Inter-SemiBold.otf",
          "inter/Inter-Bold.otf",
          "jetbrains_mono/JetBrainsMono-Regular.ttf",
          "jetbrains_mono/JetBrainsMono-Bold.ttf");

  private Fonts() {}

  /** Makes the families Inter, Inter SemiBold and JetBrains Mono known; harmless when repeated. */
  public static void load() {
    FILES.forEach(Fonts::load);
  }

  private static void load(String file) {
    try (InputStream font = Fonts.class.getResourceAsStream(FOLDER + file)) {
      if (font == null || Font.loadFont(font, 14) == null) {
        throw new IllegalStateException("the font " + file + " cannot be loaded");
      }
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }
}
