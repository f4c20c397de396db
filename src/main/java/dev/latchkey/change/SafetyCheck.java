package dev.latchkey.change;

import dev.latchkey.rows.FailureException;

/** Looks at what a change takes for harm to the operator's own access before it runs. */
@FunctionalInterface
public interface SafetyCheck {
  /**
   * May ask the source; runs away from the JavaFX thread.
   *
   * @throws FailureException when it cannot tell; the change is then not made
   */
  Verdict look(Takes takes);

  /** What a check says of a change. */
  sealed interface Verdict {
    /** Nothing speaks against it. */
    record Clear() implements Verdict {}

    /**
     * It must not run.
     *
     * @param sentence why
     */
    record Refused(String sentence) implements Verdict {}

    /**
     * It may run when the operator types a name, so that it does not happen by habit.
     *
     * @param sentence what would follow from it
     * @param name of what it is done to
     */
    record NeedsName(String sentence, String name) implements Verdict {}

    Verdict CLEAR = new Clear();
  }
}
