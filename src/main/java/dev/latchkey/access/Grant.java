package dev.latchkey.access;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A role that a member may sign in as, as {@code latchkey.grants} shows it.
 *
 * @param expiresAt empty for a grant without an end
 * @param networks in CIDR notation; none stands for any
 * @param sessions how many are open now
 */
public record Grant(
    UUID id,
    Person member,
    String role,
    GrantStatus status,
    Instant startsAt,
    Optional<Instant> expiresAt,
    List<String> networks,
    Optional<String> reason,
    Instant grantedAt,
    Optional<String> grantedBy,
    int extensions,
    Optional<Ending> revocation,
    Optional<Instant> lastLoginAt,
    Optional<String> lastLoginFrom,
    int sessions) {

  public Grant {
    networks = List.copyOf(networks);
  }

  /** {@code Tomás Vidal as auditor}. */
  public String title() {
    return member.called() + " as " + role;
  }

  /** How much of its time is left at {@code now}, from 0 to 1; empty without an end. */
  public Optional<Double> left(Instant now) {
    return expiresAt.map(
        end -> {
          double whole = Math.max(1, Duration.between(startsAt, end).toMillis());
          return Math.clamp(Duration.between(now, end).toMillis() / whole, 0, 1);
        });
  }

  /** When it stopped letting anybody in; empty while it may. */
  public Optional<Instant> endedAt() {
    return switch (status) {
      case REVOKED -> revocation.map(Ending::at);
      case EXPIRED -> expiresAt;
      case EXPIRING, ACTIVE, SCHEDULED -> Optional.empty();
    };
  }
}
