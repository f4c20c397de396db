package dev.latchkey.access;

import dev.latchkey.change.ReasonRule;
import java.time.Duration;
import java.util.Optional;

/**
 * What every grant and token must keep.
 *
 * @param longest most time to an end; empty where there need be none
 * @param reasonPattern regular expression of PostgreSQL that a reason must contain
 * @param selfGranting whether an operator may grant to himself
 */
public record Policy(
    Optional<Duration> longest,
    boolean reasonRequired,
    Optional<String> reasonPattern,
    boolean selfGranting,
    boolean networksRequired) {

  /** What a reason for a change must be. */
  public ReasonRule reasonRule() {
    return new ReasonRule(reasonRequired, reasonPattern);
  }

  /** Before it was read: the strictest. */
  static final Policy UNKNOWN =
      new Policy(Optional.of(Duration.ofDays(1)), true, Optional.empty(), false, true);
}
