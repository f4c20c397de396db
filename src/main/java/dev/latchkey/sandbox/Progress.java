package dev.latchkey.sandbox;

/** Hears how far a start has come. Called on the thread that starts. */
@FunctionalInterface
public interface Progress {
  /** For whoever does not want to know. */
  Progress SILENT = (step, fraction) -> {};

  /**
   * A step begins.
   *
   * @param step what is being done, for the screen ("Unpacking PostgreSQL")
   * @param fraction how much of the whole was done before it, from 0 to 1
   */
  void begins(String step, double fraction);
}
