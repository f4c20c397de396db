package dev.latchkey.doctor;

/** How a step stands. */
public sealed interface StepResult {
  /** Its turn has not come. */
  record Waiting() implements StepResult {}

  record Running() implements StepResult {}

  /** It cannot be looked at, for a reason that another step found. */
  record NotReached(String why) implements StepResult {}

  /** There is nothing to look at. */
  record NotNeeded(String why) implements StepResult {}

  /**
   * @param doubtful whether the sentence says something to worry about
   */
  record Passed(String sentence, boolean doubtful) implements StepResult {}

  record Failed(Finding finding) implements StepResult {}

  /** What there is to read about it. */
  default String sentence() {
    return switch (this) {
      case Waiting _ -> "Not looked at yet.";
      case Running _ -> "Looking.";
      case NotReached notReached -> notReached.why();
      case NotNeeded notNeeded -> notNeeded.why();
      case Passed passed -> passed.sentence();
      case Failed failed -> failed.finding().sentence();
    };
  }

  /** The step's state in a word or two, for whoever cannot see the icon. */
  default String word() {
    return switch (this) {
      case Waiting _ -> "waiting";
      case Running _ -> "running";
      case NotReached _ -> "not reached";
      case NotNeeded _ -> "not needed";
      case Passed passed -> passed.doubtful() ? "good, with a remark" : "good";
      case Failed _ -> "failed";
    };
  }

  static StepResult passed(String sentence) {
    return new Passed(sentence, false);
  }

  static StepResult doubtful(String sentence) {
    return new Passed(sentence, true);
  }

  /** Whether the steps after it may go on. */
  default boolean lets() {
    return this instanceof Passed || this instanceof NotNeeded;
  }
}
