package dev.latchkey.gate;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Speaks the protocol byte by byte, rightly or wrongly as a test wants it. */
final class RawClient implements AutoCloseable {
  /** A message of the other side; type 0 is the end of the connection. */
  record Message(char type, byte[] body) {
    boolean isEnd() {
      return type == 0;
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** As a good client would, up to the gate's answer to the password. */
  static Message signIn(int port, Map<String, String> parameters, String password)
      throws IOException {
    try (var client = new RawClient(port)) {
      client.send(Messages.startup(parameters));
      Message request = client.next();
      if (request.type() != 'R') {
        return request;
      }
      client.password(password.getBytes(StandardCharsets.UTF_8));
      return client.next();
    }
  }

  /** From an address of this machine other than the usual one. */
  RawClient(int port, InetAddress from) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** Says that nothing more will come; does nothing when the other side has closed already. */
  void endOfInput() throws IOException {
    try {
      socket.shutdownOutput();
    } catch (SocketException alreadyClosed) {
      // Then there is nothing to end.
    }
  }

  RawClient send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  void password(byte[] password) throws IOException {
    send(typed('p', zeroEnded(password)));
  }

  void query(String sql) throws IOException {
    send(typed('Q', zeroEnded(sql.getBytes(StandardCharsets.UTF_8))));
  }

  /** The next message, or the end. */
  Message next() throws IOException {
    try {
      int type = in.read();
      if (type < 0) {
        return new Message((char) 0, new byte[0]);
      }
      byte[] body = new byte[in.readInt() - 4];
      in.readFully(body);
      return new Message((char) type, body);
    } catch (SocketException | EOFException reset) {
      return new Message((char) 0, new byte[0]);
    }
  }

  Message next(char type) throws IOException {
    Message message = next();
    while (message.type() != type && !message.isEnd()) {
      message = next();
    }
    return message;
  }

  /**
   * Reads to the end: whether that comes after a whole message, or else by a cut; never in half.
   */
  boolean endsWithAWholeMessage() throws IOException {
    try {
      while (in.read() >= 0) {
        in.readFully(new byte[in.readInt() - 4]);
      }
      return true;
    } catch (EOFException inHalf) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** One byte, as the answer to a request for TLS is; -1 at the end. */
  int nextByte() throws IOException {
    try {
      return in.read();
    } catch (SocketException reset) {
      return -1;
    }
  }

  /** Reads to the end: whether the connection was cut, rather than closed in good order. */
  boolean endsByReset() throws IOException {
    try {
      in.skipNBytes(Long.MAX_VALUE);
      return false;
    } catch (EOFException closed) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  static byte[] typed(char type, byte[] body) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var message = new DataOutputStream(bytes);
    message.writeByte(type);
    message.writeInt(body.length + 4);
    message.write(body);
    return bytes.toByteArray();
  }

  /** A packet without type byte. */
  static byte[] packet(byte[] body) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var message = new DataOutputStream(bytes);
    message.writeInt(body.length + 4);
    message.write(body);
    return bytes.toByteArray();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static byte[] zeroEnded(byte[] text) {
    return Arrays.copyOf(text, text.length + 1);
  }
}
