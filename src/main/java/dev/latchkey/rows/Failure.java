package dev.latchkey.rows;

import java.util.Optional;

/**
 * Something that went wrong, told so that a screen can show it: a sentence, the next step, a short
 * code. Each source of data has failures of its own below this; a screen asks only what is here, so
 * that it does not matter to it where its rows come from. None of the texts holds a secret.
 */
public interface Failure {

  /** What happened, in one plain sentence. */
  String sentence();

  /** What the operator can do about it. */
  String nextStep();

  /** A short stable code to name in a report: a SQLSTATE, or ours with the prefix LK. */
  String code();

  /** What the server or the driver said, for Copy details; empty when there is nothing to add. */
  default String details() {
    return "";
  }

  /** Whether access has ended, so that only a new token helps. */
  default boolean endsAccess() {
    return false;
  }

  /** Whether a later success proves that it is over: a lost connection, a stopped query. */
  default boolean passing() {
    return endsAccess();
  }

  /** Whether the reader lacks the right to see what was asked for. */
  default boolean deniesReading() {
    return false;
  }

  /** Whether what is shown may no longer be so, and has to be read again before another try. */
  default boolean outdates() {
    return false;
  }

  /** The parameter whose value was refused, where the refusal names one. */
  default Optional<String> parameter() {
    return Optional.empty();
  }
}
