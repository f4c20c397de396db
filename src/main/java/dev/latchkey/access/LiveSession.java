package dev.latchkey.access;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A server process that is there now because of a login.
 *
 * @param state as the server says it, {@code idle in transaction}; empty where it does not
 * @param query what runs or ran last; empty for an auditor
 * @param endsAt the sooner of the grant's and the token's end
 * @param endReason why its access is over although it is still there
 */
public record LiveSession(
    String loginId,
    int pid,
    Instant since,
    String role,
    String database,
    Optional<Person> member,
    Optional<UUID> grantId,
    Optional<UUID> tokenId,
    Optional<String> tokenName,
    Optional<String> client,
    String application,
    Optional<String> state,
    Optional<String> query,
    Optional<Instant> endsAt,
    Optional<String> endReason) {

  public String title() {
    return "pid %d".formatted(pid);
  }

  /** The state in few words, for a narrow column. */
  public String briefState() {
    return switch (state.orElse("unknown")) {
      case "idle in transaction" -> "in transaction";
      case "idle in transaction (aborted)" -> "aborted";
      case String other -> other;
    };
  }

  /** The member's name, or the role where nobody is known. */
  public String who() {
    return member.map(Person::called).orElse(role);
  }
}
