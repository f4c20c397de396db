package dev.latchkey.change;

import java.util.Optional;

/**
 * What a reason for a change must be.
 *
 * @param pattern regular expression of PostgreSQL that it must contain; the server checks it
 */
public record ReasonRule(boolean required, Optional<String> pattern) {
  /** Any reason, or none. */
  public static final ReasonRule NONE = new ReasonRule(false, Optional.empty());

  /** What is wrong with a reason; empty when nothing is that can be seen here. */
  public Optional<String> problem(String text) {
    return TextRules.trimmed(text).isEmpty() && required
        ? Optional.of("Say why: the reason stays in the audit log.")
        : TextRules.noteProblem(text);
  }

  /** What to know about the field. */
  public String hint() {
    return (required ? "Required" : "Optional")
        + ", written to the audit log"
        + pattern.map(known -> "; must contain " + known).orElse("");
  }

  /** A reason as it is stored; empty when none was given. */
  public static Optional<String> clean(String text) {
    return Optional.of(TextRules.trimmed(text)).filter(some -> !some.isEmpty());
  }
}
