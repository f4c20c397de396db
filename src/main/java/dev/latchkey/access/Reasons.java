package dev.latchkey.access;

import dev.latchkey.change.TextRules;
import java.util.Optional;

/** What a reason must be by the policy. The pattern is PostgreSQL's, so the server checks it. */
final class Reasons {
  private Reasons() {}

  static Optional<String> problem(String text, Policy policy) {
    return TextRules.trimmed(text).isEmpty() && policy.reasonRequired()
        ? Optional.of("Say why: the reason stays in the audit log.")
        : TextRules.noteProblem(text);
  }

  static Optional<String> clean(String text) {
    return Optional.of(TextRules.trimmed(text)).filter(some -> !some.isEmpty());
  }

  /** What to know about the field. */
  static String hint(Policy policy) {
    String needed = policy.reasonRequired() ? "Required" : "Optional";
    return needed
        + ", written to the audit log"
        + policy.reasonPattern().map(pattern -> "; must contain " + pattern).orElse("");
  }
}
