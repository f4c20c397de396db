package dev.latchkey.kit;

import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.scene.Parent;

/**
 * What the window's frame needs of a feature: something to show, and the commands that the keyboard
 * and the command palette give to whatever is shown. All on the JavaFX thread.
 */
public interface Screen {
  /** The same node every time. */
  Parent root();

  /** It came into view: load what is stale. */
  default void shown() {}

  /** It went out of view: stop what only matters while somebody looks. */
  default void hidden() {}

  /** F5: read everything again. */
  default void reload() {}

  /** F: put the cursor into the filter. */
  default void focusFilter() {}

  /** N: begin what this screen makes. */
  default void createNew() {}

  /**
   * The command palette: look for what this screen has by name.
   *
   * @param found is given the few that fit best, soon, unless something else is looked for first
   */
  default void find(String words, Consumer<List<Found>> found) {}

  /**
   * Esc: close the innermost thing that is open.
   *
   * @return whether there was one
   */
  default boolean escape() {
    return false;
  }

  /** The status bar's right side while this screen is shown. */
  default ObservableValue<StatusLine> statusLine() {
    return new ReadOnlyObjectWrapper<>(StatusLine.EMPTY).getReadOnlyProperty();
  }
}
