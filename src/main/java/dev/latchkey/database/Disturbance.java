package dev.latchkey.database;

import java.util.List;

/**
 * Somebody cancelled a change while it was made. It was tried again.
 *
 * @param times how often it was cancelled
 * @param made whether it was made in the end
 * @param who may have done it: others in the same role, and those who may signal any session; empty
 *     where nobody can tell
 */
public record Disturbance(int times, boolean made, List<String> who) {
  public Disturbance {
    who = List.copyOf(who);
  }

  /** What happened, and who it may have been. */
  public String sentence() {
    return "Somebody cancelled this %s; it was %s.%s"
        .formatted(
            times == 1 ? "once" : "%,d times".formatted(times),
            made ? "made all the same" : "not made",
            who.isEmpty()
                ? " Who may have done it is not known."
                : " Who may have done it: %s.".formatted(String.join(", ", who)));
  }
}
