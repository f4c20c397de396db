package dev.latchkey.gate;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The connection to a client. Reads no byte more than it is asked for, so that nothing sent before
 * TLS can count as sent within it.
 */
final class Client implements Closeable {
  /** Longest password, PostgreSQL's own limit for one. */
  static final int LONGEST_PASSWORD = 65_536;

  private final SocketChannel channel;
  private final InetAddress address;
  private final Scratch inbound = new Scratch();
  private final Scratch outbound = new Scratch();
  private volatile Socket socket;

  Client(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.socket = channel.socket();
    this.address = socket.getInetAddress();
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
    } catch (IOException gone) {
      socket.close();
      throw gone;
    }
  }

  InetAddress address() {
    return address;
  }

  /** The next packet without a type byte. */
  FirstPacket firstPacket() throws IOException {
    int length = ByteBuffer.wrap(exactly(4)).getInt();
    if (length < FirstPacket.SHORTEST || length > FirstPacket.LONGEST) {
      throw new MalformedPacketException("start-up packet has a wrong length");
    }
    return FirstPacket.parse(exactly(length - 4));
  }

  /** The password's bytes; the caller wipes them. */
  byte[] password() throws IOException {
    ByteBuffer header = ByteBuffer.wrap(exactly(5));
    byte type = header.get();
    int length = header.getInt();
    if (type != 'p' || length < 5 || length > LONGEST_PASSWORD + 5) {
      throw new MalformedPacketException("not a password");
    }
    byte[] text = exactly(length - 4);
    try {
      int end = text.length - 1;
      if (text[end] != 0) {
        throw new MalformedPacketException("password has no end");
      }
      return Arrays.copyOf(text, end);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  void startTls(SSLContext tls) throws IOException {
    var secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
    secure.setUseClientMode(false);
    socket = secure;
    secure.startHandshake();
  }

  boolean encrypted() {
    return socket instanceof SSLSocket;
  }

  void send(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  /** Up to as many bytes as fit; -1 at the end. One thread at a time. */
  int read(ByteBuffer into) throws IOException {
    if (!encrypted()) {
      return channel.read(into);
    }
    byte[] bytes = inbound.of(into.remaining());
    int count = socket.getInputStream().read(bytes, 0, into.remaining());
    if (count > 0) {
      into.put(bytes, 0, count);
    }
    return count;
  }

  /** All of them. One thread at a time, which need not be the one that reads. */
  void write(ByteBuffer bytes) throws IOException {
    if (encrypted()) {
      int count = bytes.remaining();
      byte[] copy = outbound.of(count);
      bytes.get(copy, 0, count);
      socket.getOutputStream().write(copy, 0, count);
      return;
    }
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // Nothing is left to close.
    }
  }

  /** Closes without a word, even while another thread is stuck in sending. */
  void abort() {
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // Nothing is left to close.
    }
  }

  /**
   * Aborts and throws away what is sent and not yet taken. Else a client that does not read would
   * keep its connection, and what it was sent, for as long as it likes.
   */
  void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException alreadyGone) {
      // Then there is nothing to throw away.
    }
    abort();
  }

  /** TLS takes and gives arrays; made when they are needed. */
  private static final class Scratch {
    private byte[] bytes = {};

    byte[] of(int size) {
      if (bytes.length < size) {
        bytes = new byte[size];
      }
      return bytes;
    }
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(count);
    if (bytes.length < count) {
      throw new MalformedPacketException("connection ended within a packet");
    }
    return bytes;
  }
}
