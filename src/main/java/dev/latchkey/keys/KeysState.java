package dev.latchkey.keys;

import dev.latchkey.database.DatabaseFailure;

/** What the table's place shows. */
public sealed interface KeysState {
  /** Nothing to show yet. */
  record Loading() implements KeysState {}

  /** Rows; they stay also when a later load fails. */
  record Shown() implements KeysState {}

  /** There is no key at all. */
  record Empty() implements KeysState {}

  /** There are keys, but the filter lets none through. */
  record NothingFound() implements KeysState {}

  record Failed(DatabaseFailure failure) implements KeysState {}
}
