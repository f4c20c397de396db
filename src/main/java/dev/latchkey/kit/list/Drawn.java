package dev.latchkey.kit.list;

import java.util.function.BiConsumer;
import javafx.scene.Node;
import javafx.scene.control.TableCell;
import javafx.scene.control.Tooltip;

/**
 * The nodes of a table's cell, made once, and how they show a row.
 *
 * @param <T> a row
 */
public record Drawn<T>(Node node, BiConsumer<T, TableCell<T, T>> show) {

  /** One tooltip for each cell, however many rows pass through it; none for an empty text. */
  public static void tip(TableCell<?, ?> cell, String text) {
    if (text.isEmpty()) {
      cell.setTooltip(null);
      return;
    }
    if (cell.getTooltip() == null) {
      cell.setTooltip(new Tooltip());
    }
    cell.getTooltip().setText(text);
  }
}
