package dev.latchkey.doctor;

import dev.latchkey.database.TrialSignIn;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * Finds out why a connection does not work: each step from the name to the schema, with what was
 * seen. Sends the token at most once, and only to a server that passed verification.
 */
public final class Doctor {
  private final Clock clock;
  private final Patience patience;
  private final TrialSignIn signIn = new TrialSignIn();

  public Doctor(Clock clock, Patience patience) {
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Blocks for seconds; ends early when the job that runs it is cancelled.
   *
   * @param progress is told after every change, on the calling thread
   */
  public Diagnosis examine(Patient patient, Consumer<Diagnosis> progress) {
    return new Examination(patient, clock, patience, signIn, progress).run();
  }
}
