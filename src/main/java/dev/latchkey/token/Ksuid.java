package dev.latchkey.token;

import java.time.Instant;

/**
 * The public part of a token or key of ours: an id that begins with the second it was made in. It
 * may be shown and sent; it opens nothing.
 *
 * @param text 27 base62 digits
 */
public record Ksuid(String text) {
  static final int LENGTH = 27;

  /** The second that KSUIDs count from, in Unix time. */
  private static final long EPOCH = 1_400_000_000L;

  /** What is behind the time: 16 of 20 bytes. */
  private static final int PAYLOAD_BITS = 128;

  private static final long UNSIGNED = 0xFFFF_FFFFL;

  public Ksuid {
    if (text.length() != LENGTH || !Base62.isAllDigits(text)) {
      throw new IllegalArgumentException("no KSUID");
    }
  }

  /** When it was made, to the second. */
  public Instant issued() {
    long seconds = Base62.number(text).shiftRight(PAYLOAD_BITS).longValue() & UNSIGNED;
    return Instant.ofEpochSecond(EPOCH + seconds);
  }
}
