package dev.latchkey.scopes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rules that scopes must keep when they are written; the server has the same ones. */
public final class ScopeRules {
  /** Also the marks that turn the direction of writing. */
  private static final Pattern CONTROL =
      Pattern.compile(
          "[\\u0000-\\u001F\\u007F-\\u009F\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]");

  private static final Pattern BLANK = Pattern.compile("[\\s\\u00A0\\u3000]*");

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
    if (BLANK.matcher(value).matches()) {
      return Optional.of(ScopeProblem.ofField(row, field, field.json() + " is blank."));
    }
    if (CONTROL.matcher(value).find()) {
      return Optional.of(
          ScopeProblem.ofField(row, field, field.json() + " contains control characters."));
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
