package dev.latchkey.rows;

import java.util.Optional;

/** Which stretch of a sorted table to read. */
public sealed interface Range {
  /** From the beginning. */
  record First() implements Range {}

  /** What follows a place. */
  record After(Position place) implements Range {}

  /** What comes before a place. */
  record Before(Position place) implements Range {}

  /** From a place on, with the row that is there: to read again what is shown. */
  record From(Position place) implements Range {}

  /** The place that it starts from; none for the beginning. */
  default Optional<Position> position() {
    return switch (this) {
      case First _ -> Optional.empty();
      case After(Position place) -> Optional.of(place);
      case Before(Position place) -> Optional.of(place);
      case From(Position place) -> Optional.of(place);
    };
  }
}
