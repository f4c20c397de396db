package dev.latchkey.widget;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import javafx.fxml.FXMLLoader;

/** Loads the layout of a view that builds itself: the view is root and controller at once. */
public final class Fxml {
  private Fxml() {}

  /**
   * Fills {@code view}, whose FXML file has an {@code fx:root} of its type and lies next to its
   * class under the name {@code file}.
   */
  public static void load(Object view, String file) {
    URL resource = view.getClass().getResource(file);
    if (resource == null) {
      throw new IllegalStateException("missing resource " + file);
    }
    FXMLLoader loader = new FXMLLoader(resource);
    loader.setRoot(view);
    loader.setController(view);
    try {
      loader.load();
    } catch (IOException exception) {
      throw new UncheckedIOException("The layout " + file + " cannot be read", exception);
    }
  }
}
