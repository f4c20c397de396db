package dev.latchkey.scopes;

import java.util.List;

/** What came of reading scopes: the scopes, or everything that is wrong with them. */
public sealed interface ScopesReading {

  record Valid(Scopes scopes) implements ScopesReading {}

  record Invalid(List<ScopeProblem> problems) implements ScopesReading {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  /** Empty when valid. */
  default List<ScopeProblem> found() {
    return switch (this) {
      case Valid _ -> List.of();
      case Invalid invalid -> invalid.problems();
    };
  }
}
