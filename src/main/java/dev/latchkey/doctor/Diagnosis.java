package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An examination as it stands, also while it goes on. Holds neither the token nor anything that
 * looks like one.
 *
 * @param steps in the order in which a connection is made
 */
public record Diagnosis(
    Endpoint endpoint, Instant began, Duration took, boolean complete, List<StepReport> steps) {
  public Diagnosis {
    steps = List.copyOf(steps);
  }

  /** What is wrong, from the first step to the last. */
  public List<Finding> findings() {
    return steps.stream()
        .map(StepReport::result)
        .filter(StepResult.Failed.class::isInstance)
        .map(result -> ((StepResult.Failed) result).finding())
        .toList();
  }

  /** What to deal with first. */
  public Optional<Finding> first() {
    return findings().stream().findFirst();
  }

  public StepReport step(Step step) {
    return steps.stream()
        .filter(report -> report.step() == step)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(step + " is no step of this diagnosis"));
  }

  /** How often the token was sent. */
  public int attempts() {
    return steps.stream().mapToInt(StepReport::attempts).sum();
  }

  /** As it stands when nobody waits for the rest. */
  public Diagnosis stopped() {
    List<StepReport> left =
        steps.stream()
            .map(
                report ->
                    report.result() instanceof StepResult.Waiting
                            || report.result() instanceof StepResult.Running
                        ? report.as(new StepResult.NotReached("The examination was stopped."))
                        : report)
            .toList();
    return new Diagnosis(endpoint, began, took, true, left);
  }

  /** With the reason of a refusal as the logins have it in place of what could not be told. */
  public Diagnosis with(LoginReason reason) {
    List<StepReport> told =
        steps.stream()
            .map(report -> report.step() == Step.SIGN_IN ? report.with(reason) : report)
            .toList();
    return new Diagnosis(endpoint, began, took, complete, told);
  }

  /** For Copy details: everything that was seen, and no secret. */
  public String report() {
    StringBuilder text = new StringBuilder();
    line(text, "Connection doctor, %s UTC", began.toString().substring(0, 19).replace('T', ' '));
    line(text, "%s, sslmode %s", endpoint.describe(), endpoint.tls().parameter());
    endpoint.rootCertificate().ifPresent(path -> line(text, "Root certificate: %s", path));
    for (Finding finding : findings()) {
      line(text, "");
      line(text, "%s (%s)", finding.sentence(), finding.code());
      line(text, "%s", finding.nextStep());
    }
    for (StepReport report : steps) {
      line(text, "");
      line(text, "%s: %s. %s", report.step().label(), report.result().word(), told(report));
      report.evidence().forEach(seen -> line(text, "  %s", seen));
    }
    line(text, "");
    line(text, "The token was sent %s.", times(attempts()));
    return text.toString();
  }

  private static String told(StepReport report) {
    return "%s (%,d ms)".formatted(report.result().sentence(), report.took().toMillis());
  }

  /** "once", "not at all". */
  static String times(int attempts) {
    return attempts == 0 ? "not at all" : attempts == 1 ? "once" : attempts + " times";
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(format.formatted(values)).append(System.lineSeparator());
  }
}
