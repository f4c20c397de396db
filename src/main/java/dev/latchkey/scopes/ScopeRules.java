package dev.latchkey.scopes;

import dev.latchkey.change.TextRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules that scopes must keep when they are written; the server has the same ones. */
public final class ScopeRules {
  private ScopeRules() {}

  /** Checks rows as an editor has them; a blank entity id is an error there, not a wildcard. */
  public static ScopesReading check(List<Scope> rows) {
    List<ScopeProblem> problems = new ArrayList<>();
    if (rows.size() > Scopes.MOST) {
      problems.add(tooMany(rows.size()));
    }
    for (int row = 0; row < rows.size(); row++) {
      Scope scope = rows.get(row);
      problem(row, ScopeField.ENTITY_TYPE, scope.entityType()).ifPresent(problems::add);
      problem(row, ScopeField.ENTITY_ID, scope.entityId()).ifPresent(problems::add);
      problem(row, ScopeField.ACTION, scope.action()).ifPresent(problems::add);
    }
    return problems.isEmpty()
        ? new ScopesReading.Valid(new Scopes(rows))
        : new ScopesReading.Invalid(problems);
  }

  static Optional<ScopeProblem> problem(int row, ScopeField field, String value) {
    if (TextRules.trimmed(value).isEmpty()) {
      return Optional.of(ScopeProblem.ofField(row, field, field.json() + " is blank."));
    }
    if (TextRules.isHidden(value)) {
      return Optional.of(
          ScopeProblem.ofField(
              row, field, field.json() + " contains control characters or invisible ones."));
    }
    int length = value.codePointCount(0, value.length());
    return length > Scope.LONGEST
        ? Optional.of(
            ScopeProblem.ofField(
                row,
                field,
                "%s has %,d characters; at most %d."
                    .formatted(field.json(), length, Scope.LONGEST)))
        : Optional.empty();
  }

  static ScopeProblem tooMany(int count) {
    return ScopeProblem.ofList(
        "a key has at most %,d scopes; these are %,d.".formatted(Scopes.MOST, count));
  }
}
