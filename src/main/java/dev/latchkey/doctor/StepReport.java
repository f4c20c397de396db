package dev.latchkey.doctor;

import java.time.Duration;
import java.util.List;

/**
 * One step with its result and what the result rests on.
 *
 * @param attempts how often the token was sent for it: 0 or 1
 */
public record StepReport(
    Step step, StepResult result, List<String> evidence, Duration took, int attempts) {
  static StepReport waiting(Step step) {
    return new StepReport(step, new StepResult.Waiting(), List.of(), Duration.ZERO, 0);
  }

  StepReport as(StepResult other) {
    return new StepReport(step, other, evidence, took, attempts);
  }
}
