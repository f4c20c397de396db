package dev.latchkey.kit.list;

import dev.latchkey.rows.Failure;

/** What a table's place shows. */
public sealed interface RowsState {
  /** Nothing to show yet. */
  record Loading() implements RowsState {}

  /** Rows; they stay also when a later load fails. */
  record Shown() implements RowsState {}

  /** There is no row at all. */
  record Empty() implements RowsState {}

  /** There are rows, but the filter lets none through. */
  record NothingFound() implements RowsState {}

  record Failed(Failure failure) implements RowsState {}
}
