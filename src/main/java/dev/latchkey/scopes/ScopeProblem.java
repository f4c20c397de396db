package dev.latchkey.scopes;

import java.util.Locale;
import java.util.Optional;

/**
 * What is wrong with a list of scopes, and where.
 *
 * @param row from 0; empty when it concerns the list as a whole
 * @param field empty when it concerns the row as a whole
 * @param place line and column, where the scopes were given as text
 */
public record ScopeProblem(
    Optional<Integer> row, Optional<ScopeField> field, Optional<Place> place, String message) {

  static ScopeProblem ofList(String message) {
    return new ScopeProblem(Optional.empty(), Optional.empty(), Optional.empty(), message);
  }

  static ScopeProblem ofRow(int row, String message) {
    return new ScopeProblem(Optional.of(row), Optional.empty(), Optional.empty(), message);
  }

  static ScopeProblem ofField(int row, ScopeField field, String message) {
    return new ScopeProblem(Optional.of(row), Optional.of(field), Optional.empty(), message);
  }

  ScopeProblem at(Place where) {
    return new ScopeProblem(row, field, Optional.of(where), message);
  }

  /** A sentence that says where: {@code Line 3, column 5: scope 2: action is missing.} */
  public String sentence() {
    String where = row.map(index -> "scope %d: ".formatted(index + 1)).orElse("");
    String text = where + message;
    return place
        .map(spot -> "Line %d, column %d: %s".formatted(spot.line(), spot.column(), text))
        .orElseGet(() -> text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1));
  }

  /** Line and column, both from 1. */
  public record Place(int line, int column) {}
}
