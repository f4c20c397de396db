package dev.latchkey.access;

import java.time.Instant;
import java.util.Optional;

/**
 * Temporary access as a whole.
 *
 * @param since when it was switched last
 * @param enforcedAt when ended access was last looked for
 * @param grants open ones
 */
public record AccessOverview(
    boolean enabled,
    Optional<Instant> since,
    Optional<Instant> enforcedAt,
    Policy policy,
    Own own,
    long members,
    long grants,
    long sessions) {

  /**
   * The operator who looks.
   *
   * @param address as the server sees it
   */
  public record Own(Optional<String> userId, Optional<String> grantId, Optional<String> address) {
    public boolean is(Person person) {
      return userId.equals(Optional.of(person.id().toString()));
    }
  }
}
