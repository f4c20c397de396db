package dev.latchkey.doctor;

import java.util.List;

/** What a check saw. */
record Observation(StepResult result, List<String> evidence, int attempts) {
  static Observation of(StepResult result, String... evidence) {
    return new Observation(result, List.of(evidence), 0);
  }

  static Observation of(StepResult result, List<String> evidence) {
    return new Observation(result, List.copyOf(evidence), 0);
  }

  static Observation failed(Finding finding, String... evidence) {
    return of(new StepResult.Failed(finding), evidence);
  }
}
