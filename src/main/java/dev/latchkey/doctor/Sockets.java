package dev.latchkey.doctor;

import dev.latchkey.task.Cancellation;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Plain connections that end at once when the examination is stopped. */
final class Sockets {
  private Sockets() {}

  /** A connection that is closed when nobody waits for the work any more. */
  record Line(Socket socket, Cancellation.Registration registration) implements Closeable {
    @Override
    public void close() throws IOException {
      registration.close();
      socket.close();
    }
  }

  static Line open(InetAddress address, int port, Duration connect, Duration answer)
      throws IOException {
    Socket socket = new Socket();
    Cancellation.Registration registration = Cancellation.current().onCancel(() -> hangUp(socket));
    try {
      socket.connect(new InetSocketAddress(address, port), (int) connect.toMillis());
      socket.setSoTimeout((int) answer.toMillis());
      socket.setTcpNoDelay(true);
      return new Line(socket, registration);
    } catch (IOException failure) {
      registration.close();
      socket.close();
      throw failure;
    }
  }

  static void hangUp(Closeable line) {
    try {
      line.close();
    } catch (IOException gone) {
      // The other side closed first.
      return;
    }
  }
}
