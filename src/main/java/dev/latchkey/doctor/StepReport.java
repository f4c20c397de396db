package dev.latchkey.doctor;

import java.time.Duration;
import java.util.ArrayList;
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

  /** The refusal that this is about, with its reason. */
  StepReport with(LoginReason reason) {
    if (!(result instanceof StepResult.Failed failed)) {
      return this;
    }
    List<String> all = new ArrayList<>(evidence);
    all.add(reason.evidence());
    return new StepReport(
        step, new StepResult.Failed(failed.finding().with(reason)), all, took, attempts);
  }
}
