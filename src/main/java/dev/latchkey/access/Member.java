package dev.latchkey.access;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Somebody who may be given temporary access.
 *
 * @param block since when and why every login is refused; empty for a member who is not blocked
 * @param grants open ones
 * @param tokens usable ones
 * @param sessions open now
 */
public record Member(
    Person person,
    Instant addedAt,
    Optional<String> addedBy,
    Optional<Ending> block,
    int grants,
    int tokens,
    int sessions,
    Optional<Instant> lastLoginAt) {

  public UUID id() {
    return person.id();
  }

  public boolean isBlocked() {
    return block.isPresent();
  }
}
