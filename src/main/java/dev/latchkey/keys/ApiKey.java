package dev.latchkey.keys;

import dev.latchkey.scopes.StoredScopes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A key as {@code latchkey.keys} shows it; the secret part is nowhere in it.
 *
 * @param prefix the first characters of the key, enough to recognise it
 * @param role the database role that a call with it gets
 * @param unusedDays days since the last use, or since it was made when no use was seen
 * @param version grows with every change
 */
public record ApiKey(
    UUID id,
    String ksuid,
    KeyKind kind,
    Optional<Account> account,
    String name,
    String description,
    String prefix,
    String last4,
    String role,
    StoredScopes scopes,
    KeyStatus status,
    Optional<Instant> expiresAt,
    Instant createdAt,
    Optional<String> createdBy,
    Optional<Instant> lastUsedAt,
    Optional<String> lastUsedFrom,
    Optional<Revocation> revocation,
    List<String> allowedNetworks,
    Optional<Integer> rateLimit,
    int version,
    Instant updatedAt,
    int unusedDays,
    boolean neverUsed) {

  /** Days without use after which a working key is called unused. */
  public static final int UNUSED_DAYS = 90;

  public ApiKey {
    allowedNetworks = List.copyOf(allowedNetworks);
  }

  /** {@code sk_2bKq…x9f3}: the same for every screen. */
  public String shortKey() {
    return prefix + "…" + last4;
  }

  /** The account's name, or that it belongs to the project. */
  public String owner() {
    return account.map(Account::name).orElse("Project");
  }

  public boolean isRevoked() {
    return status == KeyStatus.REVOKED;
  }

  /** A working key that nobody has called for {@link #UNUSED_DAYS} days. */
  public boolean isUnused() {
    return status.works() && unusedDays >= UNUSED_DAYS;
  }

  /** Who ended a key, when and why; each part as far as it is known. */
  public record Revocation(Instant at, Optional<String> by, Optional<String> reason) {}
}
