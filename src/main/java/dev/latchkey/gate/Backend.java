package dev.latchkey.gate;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The connection to the server behind the gate, over its unix socket. */
final class Backend implements Closeable {
  /** More than any server says before a session is ready. */
  private static final int LONGEST_GREETING = 262_144;

  /** What the server answered to a start-up packet. */
  sealed interface Greeting {
    /**
     * A session. Its ReadyForQuery message is still to come.
     *
     * @param bytes what the server said so far, for the client
     */
    record Welcome(CancelKey key, byte[] bytes) implements Greeting {}

    /**
     * No session, for example because the database does not exist.
     *
     * @param bytes the server's own error message
     */
    record Declined(byte[] bytes) implements Greeting {}
  }

  private final Path socket;
  private final SocketChannel channel;

  /** Not connected yet. */
  Backend(Path socket) throws IOException {
    this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    this.socket = socket;
  }

  void connect() throws IOException {
    channel.connect(UnixDomainSocketAddress.of(socket));
  }

  /** Starts a session and reads up to the server's cancel key. */
  Greeting start(Map<String, String> parameters) throws IOException {
    send(Messages.startup(parameters));
    var said = new ByteArrayOutputStream();
    while (said.size() < LONGEST_GREETING) {
      byte[] header = exactly(5);
      int length = ByteBuffer.wrap(header, 1, 4).getInt();
      if (length < 4 || length > LONGEST_GREETING) {
        throw new MalformedPacketException("server's message has a wrong length");
      }
      byte[] body = exactly(length - 4);
      said.write(header);
      said.write(body);
      switch (header[0]) {
        case 'E' -> {
          return new Greeting.Declined(said.toByteArray());
        }
        case 'R' -> requireNoPassword(body);
        case 'K' -> {
          return new Greeting.Welcome(cancelKey(body), said.toByteArray());
        }
        default -> {
          // A setting or a notice: for the client only.
        }
      }
    }
    throw new MalformedPacketException("server's greeting does not end");
  }

  /** Sends a cancel request and waits until the server has acted on it. */
  void cancel(CancelKey key) throws IOException {
    send(Messages.cancel(key));
    channel.read(ByteBuffer.allocate(1));
  }

  /** Up to as many bytes as fit; -1 at the end. */
  int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Tells the server that the client has nothing more to say; it finishes and ends the session. */
  void endOfInput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // Nothing is left to close.
    }
  }

  private static void requireNoPassword(byte[] body) throws IOException {
    if (body.length < 4 || ByteBuffer.wrap(body).getInt() != 0) {
      throw new IOException("the server behind the gate asks for a password");
    }
  }

  private static CancelKey cancelKey(byte[] body) throws MalformedPacketException {
    if (body.length < 8) {
      throw new MalformedPacketException("server's cancel key is too short");
    }
    return new CancelKey(ByteBuffer.wrap(body).getInt(), Arrays.copyOfRange(body, 4, body.length));
  }

  private void send(byte[] bytes) throws IOException {
    write(ByteBuffer.wrap(bytes));
  }

  private byte[] exactly(int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the server closed the connection");
      }
    }
    return bytes.array();
  }
}
