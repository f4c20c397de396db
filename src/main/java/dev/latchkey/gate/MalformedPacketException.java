package dev.latchkey.gate;

import java.io.IOException;

/** The other side does not speak the protocol; the connection is closed and nothing else. */
final class MalformedPacketException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedPacketException(String message) {
    super(message);
  }
}
