package dev.latchkey.gate;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets people into PostgreSQL with an access token for a password, as long as a grant allows it,
 * and puts them out when it ends. Speaks the PostgreSQL protocol up to the end of the sign-in and
 * only copies bytes from then on.
 */
public final class Gate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final int BACKLOG = 512;
  private static final Duration CLOSING_TIME = Duration.ofSeconds(3);

  /** For a client to hear that the server does not answer. */
  private static final long GRACE = 500;

  private static final Duration STEP = Duration.ofMillis(10);

  private final GateSettings settings;
  private final ServerSocketChannel listening;
  private final Doorkeeper doorkeeper;
  private final LiveSessions sessions = new LiveSessions();
  private final Handshakes handshakes;
  private final AccessWatch watch;
  private final AtomicInteger connections = new AtomicInteger();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("latchkey-gate-clock").factory());
  private volatile boolean closed;

  private Gate(GateSettings settings, ServerSocketChannel listening, Doorkeeper doorkeeper) {
    this.settings = settings;
    this.listening = listening;
    this.doorkeeper = doorkeeper;
    this.handshakes = new Handshakes(settings.limits().handshakes());
    this.watch = new AccessWatch(doorkeeper, sessions, settings.limits());
  }

  /**
   * Opens a gate. It need not find the database at once: until it does, nobody comes in.
   *
   * @throws IOException when the address cannot be listened on
   */
  public static Gate open(GateSettings settings) throws IOException {
    var listening = ServerSocketChannel.open();
    try {
      listening.bind(settings.listen(), BACKLOG);
    } catch (IOException taken) {
      listening.close();
      throw taken;
    }
    var doorkeeper =
        new PostgresDoorkeeper(
            settings.backendSocket(), settings.database(), settings.gatekeeper());
    var gate = new Gate(settings, listening, doorkeeper);
    gate.watch.start();
    Thread.ofPlatform().daemon().name("latchkey-gate-accept").start(gate::accept);
    return gate;
  }

  /** Where the gate listens, with the actual port. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.socket().getLocalSocketAddress();
  }

  /** How many sessions are open now. */
  public int sessionCount() {
    return sessions.count();
  }

  /** Ends all sessions, also those in the middle of a statement; takes at most a few seconds. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    closeListening();
    watch.close();
    handshakes.abortAll();
    sessions.all().forEach(session -> session.end(Messages.gateClosing()));
    long deadline = System.nanoTime() + CLOSING_TIME.toNanos();
    while (connections.get() > 0 && System.nanoTime() < deadline) {
      pause();
    }
    sessions.all().forEach(Session::abort);
    clock.shutdownNow();
    doorkeeper.close();
  }

  private void closeListening() {
    try {
      listening.close();
    } catch (IOException alreadyClosed) {
      LOG.debug("The gate was closed already.");
    }
  }

  private void accept() {
    while (!closed) {
      try {
        welcome(listening.accept());
      } catch (IOException failure) {
        if (!closed) {
          LOG.warn("The gate could not accept a connection: {}", failure.getMessage());
          pause();
        }
      }
    }
  }

  /** There are never more threads than places and sessions. */
  private void welcome(SocketChannel accepted) throws IOException {
    Client client = new Client(accepted);
    Optional<Handshakes.Place> place = handshakes.enter(client);
    if (place.isEmpty()) {
      client.abort();
      return;
    }
    connections.incrementAndGet();
    try {
      Thread.ofPlatform()
          .daemon()
          .name("latchkey-gate-client")
          .start(() -> serve(client, place.get()));
    } catch (OutOfMemoryError noMoreThreads) {
      connections.decrementAndGet();
      place.get().close();
      client.abort();
      throw new IOException("no thread is left for it");
    }
  }

  /**
   * On a platform thread: a socket that a virtual one has touched never blocks again, and every
   * later read of it asks three times instead of once.
   */
  private void serve(Client client, Handshakes.Place place) {
    try {
      try {
        signIn(client, place).ifPresent(this::run);
      } finally {
        client.close();
      }
    } catch (IOException gone) {
      LOG.debug("A client went away or does not speak the protocol: {}", gone.getMessage());
    } catch (RuntimeException | OutOfMemoryError defect) {
      LOG.error("A connection failed.", defect);
    } finally {
      connections.decrementAndGet();
    }
  }

  private Optional<Session> signIn(Client client, Handshakes.Place place) throws IOException {
    try (place) {
      var handshake = new Handshake(settings, doorkeeper, sessions, client, place);
      long time = settings.limits().handshakeTime().toMillis();
      Future<?> late = clock.schedule(handshake::giveUp, time, TimeUnit.MILLISECONDS);
      Future<?> tooLate = clock.schedule(client::abort, time + GRACE, TimeUnit.MILLISECONDS);
      try {
        return handshake.signIn();
      } finally {
        late.cancel(false);
        tooLate.cancel(false);
      }
    } catch (RejectedExecutionException closing) {
      return Optional.empty();
    }
  }

  private void run(Session session) {
    try {
      watch.follow(session);
      if (closed) {
        session.end(Messages.gateClosing());
      }
      session.run(() -> recordEnd(session));
    } finally {
      sessions.remove(session);
    }
  }

  private Optional<byte[]> recordEnd(Session session) {
    try {
      if (closed) {
        doorkeeper.gateClosed(session.login());
        return Optional.empty();
      }
      boolean ended = doorkeeper.closed(session.login());
      return ended ? Optional.of(Messages.accessEnded()) : Optional.empty();
    } catch (Doorkeeper.UnavailableException unavailable) {
      LOG.debug("The end of a session could not be recorded: {}", unavailable.getMessage());
      return Optional.empty();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(STEP);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
