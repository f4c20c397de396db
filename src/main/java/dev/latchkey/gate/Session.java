package dev.latchkey.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicReference;

/** A signed-in client and its server process; copies bytes both ways until either side closes. */
final class Session {
  private static final int BUFFER = 65_536;

  private final String login;
  private final CancelKey key;
  private final byte[] greeting;
  private final Client client;
  private final Backend backend;
  private final MessageBoundary boundary = new MessageBoundary();
  private final AtomicReference<byte[]> farewell = new AtomicReference<>();

  /**
   * @param greeting what the server has said so far and the client has not heard yet
   */
  Session(String login, CancelKey key, byte[] greeting, Client client, Backend backend) {
    this.login = login;
    this.key = key;
    this.greeting = greeting;
    this.client = client;
    this.backend = backend;
  }

  String login() {
    return login;
  }

  CancelKey key() {
    return key;
  }

  /** Returns when the session is over and both connections are closed. */
  void run() {
    Thread.ofVirtual().name("gate-to-server-" + key.pid()).start(this::copyToServer);
    copyToClient();
  }

  /**
   * Ends the session at once. The client is sent the message if the server was not in the middle of
   * another one and the client takes it; either way {@link #abort} may follow soon.
   */
  void end(byte[] message) {
    farewell.compareAndSet(null, message);
    backend.close();
  }

  /** Closes both connections, whatever is under way. */
  void abort() {
    backend.close();
    client.abort();
  }

  private void copyToServer() {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = client.in();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        backend.write(buffer, count);
      }
      backend.endOfInput();
    } catch (IOException over) {
      // The other direction knows whether the session goes on: a server that is at work notices an
      // absent client when it answers, as it does without a gate.
      endInputQuietly();
    }
  }

  private void endInputQuietly() {
    try {
      backend.endOfInput();
    } catch (IOException alreadyClosed) {
      // Then there is nothing to end.
    }
  }

  private void copyToClient() {
    byte[] buffer = new byte[BUFFER];
    try {
      OutputStream out = client.out();
      out.write(greeting);
      for (int count = readFromServer(buffer); count >= 0; count = readFromServer(buffer)) {
        out.write(buffer, 0, count);
        boundary.pass(buffer, 0, count);
      }
      byte[] message = farewell.get();
      if (message != null && boundary.reached()) {
        out.write(message);
      }
    } catch (IOException over) {
      // The client is gone; the server is told below.
    } finally {
      backend.close();
      client.close();
    }
  }

  private int readFromServer(byte[] buffer) {
    try {
      return backend.read(buffer);
    } catch (IOException closed) {
      return -1;
    }
  }
}
