package dev.latchkey.access;

/**
 * What looking for ended access came to.
 *
 * @param ended sessions that were open although their access was over
 * @param left those of them that could not be ended
 */
public record Enforcement(int ended, int left) {

  /** {@code 2 sessions ended, none is left.} */
  public String sentence() {
    if (ended == 0 && left == 0) {
      return "No session was open whose access is over.";
    }
    return "%s ended, %s."
        .formatted(
            ended == 1 ? "1 session" : "%,d sessions".formatted(ended),
            left == 0 ? "none is left" : left + " still open");
  }
}
