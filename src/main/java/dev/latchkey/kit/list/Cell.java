package dev.latchkey.kit.list;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How a column shows a row, and what of it is copied.
 *
 * @param <T> a row
 * @param draw makes a cell's nodes, once for each cell on the screen
 * @param copied the row's value as plain text, exact where the cell rounds it
 */
public record Cell<T>(Supplier<Drawn<T>> draw, Function<T, String> copied) {

  /** The same cell, of which something else is copied. */
  public Cell<T> copying(Function<T, String> other) {
    return new Cell<>(draw, other);
  }
}
