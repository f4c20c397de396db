package dev.latchkey.rows;

import java.util.List;
import java.util.Optional;

/**
 * Some consecutive rows of a sorted result, and the keys from which the rows before and after them
 * can be read. There are no page numbers: rows come and go while one reads.
 *
 * @param <T> a row
 * @param <K> the sort key of a row together with what makes it unique
 * @param before where to read on backwards; empty when the first row is here
 * @param after where to read on; empty when the last row is here
 */
public record Page<T, K>(List<T> rows, Optional<K> before, Optional<K> after) {
  public Page {
    rows = List.copyOf(rows);
  }
}
