package dev.latchkey.keys;

/** Which stretch of the sorted table to read. */
public sealed interface KeyRange {
  /** From the beginning. */
  record First() implements KeyRange {}

  /** What follows a place. */
  record After(KeyPosition position) implements KeyRange {}

  /** What comes before a place. */
  record Before(KeyPosition position) implements KeyRange {}

  /** From a place on, with the row that is there: to read again what is shown. */
  record From(KeyPosition position) implements KeyRange {}
}
