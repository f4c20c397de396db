package dev.latchkey.doctor;

import dev.latchkey.database.TrialSignIn;
import dev.latchkey.database.TrialSignIn.Trial;
import dev.latchkey.rows.Failure;
import dev.latchkey.token.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Signs in once with the token, or reads the answer that a sign-in got a moment ago, and looks
 * whether the database has what the console needs.
 */
final class SignInCheck {
  private final TrialSignIn signIn;

  SignInCheck(TrialSignIn signIn) {
    this.signIn = signIn;
  }

  /** What came of the sign-in, and of the schema where one came that far. */
  record Seen(Observation signIn, Optional<Observation> schema) {}

  Seen look(Patient patient) {
    Optional<Patient.Answer> answer = patient.answered().filter(Patient.Answer::isFromServer);
    return answer.isPresent() ? remembered(patient, answer.get()) : tried(patient);
  }

  private static Seen remembered(Patient patient, Patient.Answer answer) {
    String origin = "Answered at %s; not asked again.".formatted(Moments.second(answer.at()));
    if (SchemaFindings.isAbout(answer.failure())) {
      return new Seen(
          Observation.of(StepResult.passed("The server let the role in."), origin),
          Optional.of(Observation.failed(SchemaFindings.of(answer.failure()))));
    }
    return new Seen(outside(patient, answer.failure(), 0, origin), Optional.empty());
  }

  private Seen tried(Patient patient) {
    try (Secret token = patient.token().trimmed()) {
      return switch (signIn.into(patient.endpoint(), token)) {
        case Trial.Outside out ->
            new Seen(outside(patient, out.why(), 1, "Tried once."), Optional.empty());
        case Trial.Hindered in ->
            new Seen(
                inside(in.serverVersion()),
                Optional.of(Observation.failed(SchemaFindings.of(in.why()))));
        case Trial.Inside in ->
            new Seen(
                inside(in.serverVersion()),
                Optional.of(
                    Observation.of(
                        StepResult.passed("Latchkey's schema is there, for this console."),
                        "Signed in as " + in.who().display())));
      };
    }
  }

  private static Observation inside(String version) {
    return new Observation(
        StepResult.passed("The server let the role in."),
        List.of("PostgreSQL " + version, "Tried once."),
        1);
  }

  private static Observation outside(
      Patient patient, Failure failure, int attempts, String origin) {
    List<String> evidence = new ArrayList<>();
    if (!failure.details().isBlank()) {
      evidence.add("The server said: " + failure.details());
    }
    evidence.add(origin);
    Finding finding = new Refusals(patient).of(failure);
    return new Observation(new StepResult.Failed(finding), List.copyOf(evidence), attempts);
  }
}
