package dev.latchkey.gate;

import java.nio.ByteBuffer;

/**
 * Knows, from the bytes that a server sent so far, whether the last message is complete, so that
 * the gate can put in a message of its own without breaking another. A COPY sends a message for
 * each row, so a header that is there as a whole is read as a whole. Not thread-safe.
 */
final class MessageBoundary {
  private static final int HEADER = 5;

  private int headerBytes;
  private int length;
  private long bodyLeft;
  private int lastStart;

  /** Takes note of the bytes from position to limit, in the order in which they were sent. */
  void pass(ByteBuffer bytes) {
    int at = bytes.position();
    int end = bytes.limit();
    lastStart = -1;
    while (at < end) {
      if (reached()) {
        lastStart = at;
      }
      if (bodyLeft > 0) {
        int skipped = (int) Math.min(bodyLeft, end - at);
        bodyLeft -= skipped;
        at += skipped;
      } else if (headerBytes == 0 && end - at >= HEADER) {
        bodyLeft = bodyOf(bytes.getInt(at + 1));
        at += HEADER;
      } else {
        header(bytes.get(at++));
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
      bodyLeft = bodyOf(length);
      headerBytes = 0;
      length = 0;
    }
  }

  /** A message's length counts itself; what no server sends is taken for a very long message. */
  private static long bodyOf(int length) {
    return Math.max(0, Integer.toUnsignedLong(length) - 4);
  }
}
