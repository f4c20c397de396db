package dev.latchkey.doctor;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes secrets out of texts: a server may repeat what it was sent, and people paste tokens into
 * the wrong field.
 */
final class Redaction {
  private static final String DOTS = "••••";
  private static final int SHORTEST = 6;
  private static final Pattern TOKENS =
      Pattern.compile(
          "(?:jit_|sk_|sbp_|sb_secret_)[0-9A-Za-z_-]{16,}"
              + "|eyJ[0-9A-Za-z_-]{8,}\\.[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]*");

  private final String token;

  Redaction(String token) {
    this.token = token;
  }

  String clean(String text) {
    String without = token.length() < SHORTEST ? text : text.replace(token, DOTS);
    return TOKENS.matcher(without).replaceAll(DOTS);
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
