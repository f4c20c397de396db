package dev.latchkey.database;

/**
 * Shows a change with the exact SQL call and asks. Called on the JavaFX thread; answers on it, by
 * running one of the two or neither.
 */
@FunctionalInterface
public interface ChangeReview {
  void ask(Change<?> change, Runnable approved);
}
