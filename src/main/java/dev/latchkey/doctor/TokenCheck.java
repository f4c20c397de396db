package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import dev.latchkey.token.Secret;
import dev.latchkey.token.TokenKind;
import dev.latchkey.token.TokenShape;
import java.time.Clock;
import java.time.Instant;
import java.util.OptionalInt;

/** Whether what is in the token field can be a token for this server at all. Sends nothing. */
final class TokenCheck {
  private static final String NOT_SENT = " It is not sent.";

  private final Clock clock;

  TokenCheck(Clock clock) {
    this.clock = clock;
  }

  Observation look(Patient patient) {
    OptionalInt blank = TokenShape.blankInside(patient.token());
    if (blank.isPresent()) {
      return Observation.failed(
          Finding.of(
                  Cause.TOKEN_WITH_BLANKS,
                  "There is a blank or a line break inside the token.",
                  "It came in while copying. Take it out, or copy the token once more." + NOT_SENT)
              .with(new Remedy.RemoveBlanks()),
          "Character %d is white space.".formatted(blank.getAsInt() + 1));
    }
    StepResult result = result(patient.shape(), patient.endpoint());
    try (Secret trimmed = patient.token().trimmed()) {
      return trimmed.sameAs(patient.token())
          ? Observation.of(result)
          : Observation.of(result, "Blanks around it are left out.");
    }
  }

  private StepResult result(TokenShape shape, Endpoint endpoint) {
    return switch (shape) {
      case TokenShape.Empty _ ->
          failed(
              Cause.TOKEN_MISSING,
              "There is no token or password.",
              "Paste the temporary-access token, or enter the role's password.");
      case TokenShape.Temporary temporary -> ours(temporary, endpoint);
      case TokenShape.WrongChecksum _ ->
          failed(
              Cause.TOKEN_CHECKSUM,
              "A character of the token is wrong: its checksum does not match.",
              "Copy it once more from where it was shown." + NOT_SENT);
      case TokenShape.WrongLength wrong -> length(wrong);
      case TokenShape.Supabase token -> supabase(token, endpoint);
      case TokenShape.Jwt jwt -> jwt(jwt);
      case TokenShape.ApiKey key ->
          failed(
              Cause.TOKEN_OF_OTHER_KIND,
              "This is a %s. It opens an API, not a database.".formatted(key.kind().called()),
              "Enter a temporary-access token or the role's password." + NOT_SENT);
      case TokenShape.Unusable unusable ->
          failed(
              Cause.TOKEN_UNUSABLE,
              "No server takes this as a password. " + unusable.reason(),
              "Copy the token once more." + NOT_SENT);
      case TokenShape.Password _ ->
          StepResult.passed("An ordinary password. Only the server can tell whether it is right.");
    };
  }

  private StepResult ours(TokenShape.Temporary token, Endpoint endpoint) {
    if (Supabase.isHost(endpoint)) {
      return failed(
          Cause.TOKEN_OF_OTHER_KIND,
          "This is a token of Latchkey's own temporary access, which Supabase does not know.",
          "Enter a Supabase access token (%s) or the role's password."
                  .formatted(TokenKind.SUPABASE.abbreviated())
              + NOT_SENT);
    }
    return StepResult.passed(
        "A temporary-access token of Latchkey, checksum right, issued %s."
            .formatted(Moments.minute(token.id().issued())));
  }

  private static StepResult length(TokenShape.WrongLength wrong) {
    return wrong.length() < wrong.expected()
        ? failed(
            Cause.TOKEN_CUT_OFF,
            "The token is cut off: %d of %d characters."
                .formatted(wrong.length(), wrong.expected()),
            copyAll(TokenKind.TEMPORARY))
        : failed(
            Cause.TOKEN_TOO_LONG,
            "There is something after the token: %d characters instead of %d."
                .formatted(wrong.length(), wrong.expected()),
            "Copy the token alone." + NOT_SENT);
  }

  private static StepResult supabase(TokenShape.Supabase token, Endpoint endpoint) {
    if (token.isCutOff()) {
      return failed(
          Cause.TOKEN_CUT_OFF,
          "The Supabase access token is cut off: %d characters, at least %d are needed."
              .formatted(token.length(), TokenShape.Supabase.SHORTEST),
          copyAll(TokenKind.SUPABASE));
    }
    if (Supabase.isHost(endpoint)) {
      return StepResult.passed("A Supabase access token.");
    }
    if (Endpoint.isLoopback(endpoint.host())) {
      return StepResult.doubtful(
          "A Supabase access token, for a host that is this machine: right for a tunnel only.");
    }
    return failed(
        Cause.TOKEN_OF_OTHER_KIND,
        "This is a Supabase access token, and %s is no host of Supabase."
            .formatted(endpoint.host()),
        "It opens the whole account at Supabase: no other server should see it." + NOT_SENT);
  }

  private StepResult jwt(TokenShape.Jwt jwt) {
    Instant now = clock.instant();
    if (jwt.expires().isPresent() && !jwt.expires().get().isAfter(now)) {
      return failed(
          Cause.TOKEN_ENDED,
          "The JSON web token says that it ended on %s."
              .formatted(Moments.minute(jwt.expires().get())),
          "Sign in where it came from and copy a fresh one." + NOT_SENT);
    }
    return jwt.expires()
        .map(end -> StepResult.passed("A JSON web token until %s.".formatted(Moments.minute(end))))
        .orElseGet(() -> StepResult.doubtful("A JSON web token that names no end."));
  }

  private static String copyAll(TokenKind kind) {
    return "Copy all of it, from %s to the end.".formatted(kind.prefix()) + NOT_SENT;
  }

  private static StepResult failed(Cause cause, String sentence, String nextStep) {
    return new StepResult.Failed(
        Finding.of(cause, sentence, nextStep)
            .with(new Remedy.GoTo("Go to the token", Field.TOKEN)));
  }
}
