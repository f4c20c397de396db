package dev.latchkey.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A signed-in client and its server process; copies bytes both ways until either side closes. */
final class Session {
  private static final int BUFFER = 65_536;

  private static final byte[] NOTHING = {};

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

  /**
   * Copies on the calling thread and one more, and returns when the session is over and both
   * connections are closed. Both have to be platform threads: a virtual one is woken by way of
   * another thread at each answer, which halved the number of short statements per second.
   *
   * @param record told once, when the server has said its last; answers with what the client should
   *     hear instead of the server's own words
   */
  void run(Supplier<Optional<byte[]>> record) {
    Thread.ofPlatform()
        .daemon()
        .name("latchkey-gate-to-server-" + key.pid())
        .start(this::copyToServer);
    serveClient(record);
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

  private void serveClient(Supplier<Optional<byte[]>> record) {
    byte[] last = NOTHING;
    try {
      last = copyToClient();
    } catch (IOException clientGone) {
      // The server learns of it below.
    }
    backend.close();
    byte[] ordered = farewell.get();
    sayFarewell(ordered);
    Optional<byte[]> instead = record.get();
    if (ordered == null) {
      sayFarewell(instead.orElse(last));
    }
    client.close();
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

  /**
   * @return the server's last words when it was told to end the session; they are not sent yet
   */
  private byte[] copyToClient() throws IOException {
    byte[] buffer = new byte[BUFFER];
    byte[] heldBack = NOTHING;
    OutputStream out = client.out();
    out.write(greeting);
    for (int count = readFromServer(buffer); count >= 0; count = readFromServer(buffer)) {
      out.write(heldBack);
      boundary.pass(buffer, 0, count);
      int sent = boundary.reached() ? startOfLastWords(buffer, count) : count;
      out.write(buffer, 0, sent);
      heldBack = Arrays.copyOfRange(buffer, sent, count);
    }
    return heldBack;
  }

  /** All of the bytes when the server's last words are not at their end. */
  private int startOfLastWords(byte[] bytes, int count) {
    int start = boundary.lastStart();
    return start >= 0 && Messages.isShutdown(bytes, start, count) ? start : count;
  }

  /** Only between messages: in the middle of one it would be taken for a part of that one. */
  private void sayFarewell(byte[] message) {
    if (message == null || !boundary.reached()) {
      return;
    }
    try {
      client.send(message);
    } catch (IOException gone) {
      // Nobody is there to hear it.
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
