package dev.latchkey.doctor;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.Unexpected;
import dev.latchkey.token.Ksuid;
import dev.latchkey.token.Secret;
import dev.latchkey.token.TokenShape;
import java.time.Instant;
import java.util.Optional;

/**
 * What is examined. Whoever is given it closes it, which wipes the token.
 *
 * @param token as it stands in the field, blanks and all
 * @param answered what the server answered to the same token a moment ago, so that it need not be
 *     sent again
 * @param signsIn whether a sign-in is looked at too; otherwise there is no token, and the way to
 *     the server is all
 */
public record Patient(Endpoint endpoint, Secret token, Optional<Answer> answered, boolean signsIn)
    implements AutoCloseable {
  public Patient(Endpoint endpoint, Secret token, Optional<Answer> answered) {
    this(endpoint, token, answered, true);
  }

  /** Somebody who wants to know about the way to the server and has no token at hand. */
  public static Patient withoutToken(Endpoint endpoint) {
    return new Patient(endpoint, Secret.none(), Optional.empty(), false);
  }

  /** The same with a token of its own. */
  Patient copy() {
    return new Patient(endpoint, token.copy(), answered, signsIn);
  }

  TokenShape shape() {
    return TokenShape.of(token);
  }

  /** What of a token of ours may be sent to ask about it. */
  public Optional<Ksuid> publicPart() {
    return shape() instanceof TokenShape.Temporary(Ksuid id) ? Optional.of(id) : Optional.empty();
  }

  @Override
  public void close() {
    token.close();
  }

  /** A sign-in that failed. */
  public record Answer(Failure failure, Instant at) {
    /** Whether a server gave it, to somebody who signed in: then asking again tells nothing new. */
    boolean isFromServer() {
      return switch (failure) {
        case DatabaseFailure.Unreachable _,
            DatabaseFailure.NotPostgres _,
            DatabaseFailure.TlsRefused _ ->
            false;
        case Unexpected unexpected -> !unexpected.code().startsWith("LK-");
        default -> true;
      };
    }
  }

  /** The secret stays out of logs. */
  @Override
  public String toString() {
    return "Patient[" + endpoint.describe() + "]";
  }
}
