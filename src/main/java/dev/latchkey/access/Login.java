package dev.latchkey.access;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One attempt to sign in.
 *
 * @param member whose token it was; empty for a stranger's
 * @param endedWhy as the database writes it, {@code grant_revoked}
 */
public record Login(
    String id,
    Instant at,
    String role,
    Optional<String> client,
    LoginOutcome outcome,
    Optional<Person> member,
    Optional<String> tokenName,
    Optional<UUID> grantId,
    Optional<Integer> pid,
    Optional<Instant> endedAt,
    Optional<String> endedWhy) {

  /** {@code Refused: no grant for role postgres}. */
  public String sentence() {
    return outcome.isAccepted() ? "Accepted" : "Refused: " + outcome.reason(role);
  }

  /** How a session ended, in words; empty while it has not, or when there was none. */
  public Optional<String> ending() {
    return endedWhy.map(why -> LoginEnd.words(why));
  }
}
