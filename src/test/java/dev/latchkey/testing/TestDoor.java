package dev.latchkey.testing;

import dev.latchkey.database.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loopback port that leads straight to the test server's unix socket, without a gate, so that the
 * console's own connections can be tested as any role. It can be cut in the middle of anything, as
 * a server that stops.
 */
public final class TestDoor implements AutoCloseable {
  private final Path socket;
  private final ServerSocket listener;
  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();

  private TestDoor(Path socket, ServerSocket listener) {
    this.socket = socket;
    this.listener = listener;
  }

  /** Opens a door to {@code database}'s server on a free port. */
  public static TestDoor to(TestDatabase database) {
    return to(database.socket());
  }

  /** Opens a door to any server's socket. */
  public static TestDoor to(Path socket) {
    try {
      ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      TestDoor door = new TestDoor(socket, listener);
      Thread.ofVirtual().name("test door").start(door::accept);
      return door;
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  public Endpoint endpoint(TestDatabase database, String role) {
    return Endpoint.loopback(listener.getLocalPort(), database.name(), role);
  }

  /** How many connections came in until now. */
  public int accepted() {
    return accepted.get();
  }

  /** Breaks every connection and takes no more, as a server that was killed. */
  public void cut() {
    close();
  }

  /** Breaks every connection that is open now; new ones are taken. */
  public void breakOpen() {
    open.forEach(TestDoor::quietly);
    open.clear();
  }

  @Override
  public void close() {
    quietly(listener);
    breakOpen();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        // Otherwise an answer of two packets waits 40 ms for the client's delayed acknowledgement.
        client.setTcpNoDelay(true);
        accepted.incrementAndGet();
        open.add(client);
        lead(client);
        if (listener.isClosed()) {
          breakOpen(); // It was cut while this one came in.
          return;
        }
      } catch (IOException exception) {
        // The listener was closed.
        continue;
      }
    }
  }

  private void lead(Socket client) {
    try {
      SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      open.add(server);
      pump(client.getInputStream(), Channels.newOutputStream(server), client, server);
      pump(Channels.newInputStream(server), client.getOutputStream(), client, server);
    } catch (IOException exception) {
      // The server is gone: the client sees its connection end.
      quietly(client);
    }
  }

  private static void pump(InputStream from, OutputStream to, AutoCloseable... ends) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                from.transferTo(to);
              } catch (IOException exception) {
                // Either end was closed; both are closed below.
              } finally {
                List.of(ends).forEach(TestDoor::quietly);
              }
            });
  }

  private static void quietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception exception) {
      throw new IllegalStateException(exception);
    }
  }
}
