package dev.latchkey.change;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The one way to write to a source. It is handed to a {@link ChangeRunner} and to nobody else, so
 * that nothing is written that was not shown and checked.
 */
@FunctionalInterface
public interface Door {
  /**
   * Makes a change, wholly or not at all. Blocks.
   *
   * @return what the source answers: an object for a row, otherwise the value
   * @throws dev.latchkey.rows.FailureException when it was not made, or nobody can tell
   */
  JsonNode make(Request request);
}
