package dev.latchkey.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One role to be granted.
 *
 * @param startsAt empty for now
 * @param networks none stands for any
 */
public record NewGrant(
    Person member,
    String role,
    Optional<Instant> startsAt,
    Optional<Instant> expiresAt,
    List<String> networks,
    Optional<String> reason) {
  public NewGrant {
    networks = List.copyOf(networks);
  }
}
