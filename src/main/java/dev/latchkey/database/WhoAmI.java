package dev.latchkey.database;

import java.time.Instant;
import java.util.Optional;

/**
 * The server's own answer to who is signed in, by which grant and until when ({@code
 * latchkey.whoami()}). Everything but the role is absent for somebody who came in without temporary
 * access.
 */
public record WhoAmI(
    String role,
    Optional<String> userId,
    Optional<String> email,
    Optional<String> displayName,
    Optional<String> grantId,
    Optional<Instant> grantExpiresAt,
    Optional<String> tokenId,
    Optional<Instant> tokenExpiresAt,
    boolean operator,
    boolean auditor) {

  /**
   * When access ends: the sooner of the grant's and the token's end; empty when neither has one.
   */
  public Optional<Instant> accessEndsAt() {
    return grantExpiresAt
        .map(grant -> tokenExpiresAt.filter(grant::isAfter).orElse(grant))
        .or(() -> tokenExpiresAt);
  }

  /** The person where known, otherwise the role. */
  public String display() {
    return displayName.or(() -> email).orElse(role);
  }
}
