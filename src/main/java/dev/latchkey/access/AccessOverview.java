package dev.latchkey.access;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Temporary access as a whole.
 *
 * @param since when it was switched last
 * @param enforcedAt when ended access was last looked for
 * @param grants open ones
 * @param sessions open ones; empty where the server cannot see them
 * @param trouble why sessions cannot be seen or ended
 */
public record AccessOverview(
    boolean enabled,
    Optional<Instant> since,
    Optional<Instant> enforcedAt,
    Policy policy,
    Own own,
    long members,
    long grants,
    OptionalInt sessions,
    Optional<String> trouble) {

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
