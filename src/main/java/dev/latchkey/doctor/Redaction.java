package dev.latchkey.doctor;

import dev.latchkey.token.Secret;
import dev.latchkey.token.TokenTraces;
import java.util.List;

/**
 * Takes secrets out of texts: a server may repeat what it was sent, and people paste tokens into
 * the wrong field.
 */
final class Redaction {
  private final Secret token;

  /**
   * @param token that of the examination, which ends before it is wiped
   */
  Redaction(Secret token) {
    this.token = token;
  }

  String clean(String text) {
    return TokenTraces.hiddenIn(token.hiddenIn(text));
  }

  Observation clean(Observation seen) {
    return new Observation(clean(seen.result()), clean(seen.evidence()), seen.attempts());
  }

  private List<String> clean(List<String> texts) {
    return texts.stream().map(this::clean).toList();
  }

  private StepResult clean(StepResult result) {
    return switch (result) {
      case StepResult.Waiting _, StepResult.Running _ -> result;
      case StepResult.NotReached notReached -> new StepResult.NotReached(clean(notReached.why()));
      case StepResult.NotNeeded notNeeded -> new StepResult.NotNeeded(clean(notNeeded.why()));
      case StepResult.Passed passed ->
          new StepResult.Passed(clean(passed.sentence()), passed.doubtful());
      case StepResult.Failed failed -> new StepResult.Failed(clean(failed.finding()));
    };
  }

  private Finding clean(Finding finding) {
    return new Finding(
        finding.cause(),
        clean(finding.sentence()),
        clean(finding.nextStep()),
        clean(finding.code()),
        finding.remedies(),
        clean(finding.sql()));
  }
}
