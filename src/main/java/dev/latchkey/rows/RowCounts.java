package dev.latchkey.rows;

/** How many rows a table has. */
public interface RowCounts {
  /** How many match the filter. */
  long shown();

  /** How many there are without any filter. */
  long all();
}
