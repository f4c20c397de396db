package dev.latchkey.doctor;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Something that listens and behaves as told, and keeps every byte that it was sent. */
final class FakeServer implements AutoCloseable {
  /** What it does with a connection. */
  interface Behaviour {
    void serve(InputStream in, OutputStream out) throws IOException;
  }

  private final ServerSocket listener;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private final AtomicInteger connections = new AtomicInteger();

  private FakeServer(ServerSocket listener) {
    this.listener = listener;
  }

  static FakeServer that(Behaviour behaviour) {
    try {
      return start(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), behaviour);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  static FakeServer start(ServerSocket listener, Behaviour behaviour) {
    FakeServer server = new FakeServer(listener);
    Thread.ofVirtual().start(() -> server.accept(behaviour));
    return server;
  }

  /** Says {@code banner} as soon as it is asked anything, as a server of another protocol. */
  static FakeServer saying(String banner) {
    return that(
        (in, out) -> {
          in.read();
          out.write(banner.getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
          in.readAllBytes();
        });
  }

  int port() {
    return listener.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  String heard() {
    synchronized (heard) {
      return heard.toString(StandardCharsets.ISO_8859_1);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  private void accept(Behaviour behaviour) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, behaviour));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, Behaviour behaviour) {
    try (socket) {
      behaviour.serve(new Listening(socket.getInputStream()), socket.getOutputStream());
    } catch (IOException gone) {
      // The client hung up.
      return;
    }
  }

  private final class Listening extends FilterInputStream {
    Listening(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      if (one >= 0) {
        synchronized (heard) {
          heard.write(one);
        }
      }
      return one;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      if (count > 0) {
        synchronized (heard) {
          heard.write(bytes, offset, count);
        }
      }
      return count;
    }
  }
}
