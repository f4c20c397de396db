package dev.latchkey.rows;

/**
 * Which rows of a table to show.
 *
 * @param <F> itself
 */
public interface RowFilter<F extends RowFilter<F>> {
  /** What is searched for; empty for everything. */
  String text();

  F withText(String value);
}
