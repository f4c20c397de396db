package dev.latchkey.gate;

import java.time.Duration;

/**
 * What a stranger may cost the gate.
 *
 * @param handshakes sign-ins under way at one time; the oldest one that keeps the gate waiting
 *     gives way to a new one
 * @param sessions sessions open at one time
 * @param handshakeTime for everything from the first byte to the end of the sign-in
 * @param pollTime how often the sessions' access is asked for, besides notifications and known ends
 * @param blindTime how long the database may not answer these questions before all sessions end
 */
public record GateLimits(
    int handshakes, int sessions, Duration handshakeTime, Duration pollTime, Duration blindTime) {

  public GateLimits {
    if (handshakes < 1 || sessions < 1) {
      throw new IllegalArgumentException("A gate needs at least one handshake and one session.");
    }
  }

  /** Suits a desktop as well as a small server. */
  public static GateLimits standard() {
    return new GateLimits(
        100, 1_000, Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(10));
  }
}
