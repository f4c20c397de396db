package dev.latchkey.change;

/**
 * Shows a change with the exact SQL call and asks. Called on the JavaFX thread; answers on it, by
 * running one of the two or neither.
 */
@FunctionalInterface
public interface ChangeReview {
  void ask(Change<?> change, Runnable approved);

  /**
   * Has a name typed before a change that would harm the operator's own access. Whoever cannot ask
   * declines.
   *
   * @param declined run when the operator does not want it after all
   */
  default void insist(
      Change<?> change, SafetyCheck.Verdict.NeedsName why, Runnable approved, Runnable declined) {
    declined.run();
  }
}
