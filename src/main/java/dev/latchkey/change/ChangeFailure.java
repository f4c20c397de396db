package dev.latchkey.change;

import dev.latchkey.rows.Failure;

/** Why a change was not made, or not seen, for reasons of the console's own. */
public sealed interface ChangeFailure extends Failure {

  /** A change was tried while the console is read-only. */
  record ReadOnly() implements ChangeFailure {
    @Override
    public String sentence() {
      return "The console is read-only.";
    }

    @Override
    public String nextStep() {
      return "Turn on write mode in the top bar.";
    }

    @Override
    public String code() {
      return "25006";
    }
  }

  /** The change would end the operator's own access. */
  record WouldLockOut(String sentence, String nextStep) implements ChangeFailure {
    public WouldLockOut(String sentence) {
      this(
          sentence, "Nothing was changed. Another operator can do it without locking anybody out.");
    }

    @Override
    public String code() {
      return "LK-LOCKOUT";
    }
  }

  /** A change was made, but what it changed could not be read again. */
  record MadeButNotRead(String done, Failure why) implements ChangeFailure {
    @Override
    public String sentence() {
      return "%s, but it could not be read again.".formatted(done);
    }

    @Override
    public String nextStep() {
      return "The change was made. " + why.nextStep();
    }

    @Override
    public String code() {
      return why.code();
    }

    @Override
    public String details() {
      return why.details();
    }
  }
}
