package dev.latchkey.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An access token; the secret part is nowhere in it.
 *
 * @param roles the only ones it opens; empty for all that are granted
 * @param networks it works from these only; none stands for any that the grant allows
 */
public record AccessToken(
    UUID id,
    String ksuid,
    Person member,
    String name,
    String prefix,
    String last4,
    TokenStatus status,
    Optional<Instant> expiresAt,
    Optional<List<String>> roles,
    List<String> networks,
    Instant createdAt,
    Optional<String> createdBy,
    Optional<Instant> lastUsedAt,
    Optional<String> lastUsedFrom,
    Optional<Ending> revocation) {
  private static final int HEAD = 4;

  public AccessToken {
    roles = roles.map(List::copyOf);
    networks = List.copyOf(networks);
  }

  /** {@code jit_2bKq…x9f3}: the same for every screen. */
  public String shortToken() {
    return prefix + ksuid.substring(0, Math.min(HEAD, ksuid.length())) + "…" + last4;
  }

  /** {@code Laptop of Mara Lindqvist}. */
  public String title() {
    return name + " of " + member.called();
  }
}
