package dev.latchkey.gate;

/**
 * Knows, from the bytes that a server sent so far, whether the last message is complete, so that
 * the gate can put in a message of its own without breaking another. Not thread-safe.
 */
final class MessageBoundary {
  private static final int HEADER = 5;

  private int headerBytes;
  private int length;
  private long bodyLeft;
  private int lastStart;

  /** Takes note of bytes in the order in which they were sent. */
  void pass(byte[] bytes, int offset, int count) {
    int at = offset;
    int end = offset + count;
    lastStart = -1;
    while (at < end) {
      if (reached()) {
        lastStart = at;
      }
      if (bodyLeft > 0) {
        int skipped = (int) Math.min(bodyLeft, end - at);
        bodyLeft -= skipped;
        at += skipped;
      } else {
        header(bytes[at++]);
      }
    }
  }

  /** Whether nothing of a message is missing. */
  boolean reached() {
    return headerBytes == 0 && bodyLeft == 0;
  }

  /** Where, in the bytes passed last, the newest message begins; -1 when it began before them. */
  int lastStart() {
    return lastStart;
  }

  private void header(byte next) {
    headerBytes++;
    if (headerBytes > 1) {
      length = length << 8 | next & 0xff;
    }
    if (headerBytes == HEADER) {
      bodyLeft = Math.max(0, Integer.toUnsignedLong(length) - 4);
      headerBytes = 0;
      length = 0;
    }
  }
}
