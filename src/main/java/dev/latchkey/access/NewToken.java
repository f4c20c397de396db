package dev.latchkey.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An access token to be made.
 *
 * @param roles the only ones it is to open; none stands for all that are granted
 * @param networks none stands for any that the grant allows
 */
public record NewToken(
    Person member,
    String name,
    Optional<Instant> expiresAt,
    List<String> roles,
    List<String> networks) {
  public NewToken {
    roles = List.copyOf(roles);
    networks = List.copyOf(networks);
  }
}
