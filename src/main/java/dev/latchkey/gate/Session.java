package dev.latchkey.gate;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
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
    try {
      Thread.ofPlatform()
          .daemon()
          .name("latchkey-gate-to-server-" + key.pid())
          .start(this::copyToServer);
      serveClient(record);
    } finally {
      backend.close();
    }
  }

  /**
   * Ends the session at once. The client is sent the message if the server was not in the middle of
   * another one and the client takes it; either way {@link #abort} may follow soon.
   */
  void end(byte[] message) {
    farewell.compareAndSet(null, message);
    backend.close();
  }

  /** Closes both connections, whatever is under way; the client hears no more. */
  void abort() {
    backend.close();
    client.reset();
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
    boolean ended = ordered != null || instead.isPresent();
    if (ended && !boundary.reached()) {
      // Half a message is of no use to anyone, and would be kept for a client that does not read.
      client.reset();
    }
    client.close();
  }

  private void copyToServer() {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer buffer = arena.allocate(BUFFER).asByteBuffer();
      while (client.read(buffer) >= 0) {
        backend.write(buffer.flip());
        buffer.clear();
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
    client.write(ByteBuffer.wrap(greeting));
    byte[] heldBack = NOTHING;
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer buffer = arena.allocate(BUFFER).asByteBuffer();
      while (readFromServer(buffer.clear()) >= 0) {
        client.write(ByteBuffer.wrap(heldBack));
        boundary.pass(buffer.flip());
        int end = buffer.limit();
        int held = boundary.reached() ? startOfLastWords(buffer) : end;
        client.write(buffer.limit(held));
        heldBack = end == held ? NOTHING : rest(buffer.limit(end));
      }
    }
    return heldBack;
  }

  /** The limit when the server's last words are not at its end. */
  private int startOfLastWords(ByteBuffer bytes) {
    int start = boundary.lastStart();
    return start >= 0 && Messages.isShutdown(bytes, start) ? start : bytes.limit();
  }

  private static byte[] rest(ByteBuffer bytes) {
    byte[] rest = new byte[bytes.remaining()];
    bytes.get(rest);
    return rest;
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

  private int readFromServer(ByteBuffer buffer) {
    try {
      return backend.read(buffer);
    } catch (IOException closed) {
      return -1;
    }
  }
}
