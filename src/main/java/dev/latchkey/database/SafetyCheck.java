package dev.latchkey.database;

/** Looks at a call for harm to the operator's own access before it runs. */
@FunctionalInterface
public interface SafetyCheck {
  /**
   * May ask the database; runs away from the JavaFX thread.
   *
   * @throws DatabaseException when it cannot tell; the call then does not run
   */
  Verdict look(Call call);

  /** What a check says of a call. */
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
