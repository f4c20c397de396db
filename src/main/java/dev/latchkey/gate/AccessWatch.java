package dev.latchkey.gate;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions whose access has ended: told by the database, at the known end of a grant or token,
 * and by asking again and again in case of neither. When the database does not answer for too long
 * all sessions end, because nobody knows any more who may be in.
 *
 * <p>Its threads are platform threads: the driver's calls over a unix socket block the thread that
 * carries them.
 */
final class AccessWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessWatch.class);
  private static final Duration ENFORCE_EVERY = Duration.ofSeconds(15);

  /** For the database to end the server process and record it, before the gate hangs up. */
  private static final long HEAD_START_MILLIS = 250;

  /**
   * For the client to take the farewell; with the head start less than the second in which a
   * connection has to end, also when the client does not read.
   */
  private static final long GRACE_MILLIS = 200;

  /** A session that closed is then forgotten, however far away the end of its access was. */
  private static final long LONGEST_WAIT_SECONDS = 60;

  private static final int NEWS_WAIT_MILLIS = 10_000;
  private static final int RETRY_MILLIS = 500;

  /** Anybody may notify: news is looked into at most this often. */
  private static final int NEWS_PAUSE_MILLIS = 20;

  private final Doorkeeper doorkeeper;
  private final LiveSessions sessions;
  private final GateLimits limits;
  private final ScheduledExecutorService checks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("latchkey-gate-watch").factory());
  private final Thread listener =
      Thread.ofPlatform().daemon().name("latchkey-gate-news").unstarted(this::listen);
  private final AtomicBoolean checkDue = new AtomicBoolean();
  private final AtomicBoolean enforcing = new AtomicBoolean();
  private volatile boolean closed;
  private long lastAnswer = System.nanoTime();
  private long lastEnforcement = System.nanoTime() - ENFORCE_EVERY.toNanos();
  private boolean blind;

  AccessWatch(Doorkeeper doorkeeper, LiveSessions sessions, GateLimits limits) {
    this.doorkeeper = doorkeeper;
    this.sessions = sessions;
    this.limits = limits;
  }

  void start() {
    long poll = limits.pollTime().toMillis();
    checks.scheduleWithFixedDelay(this::check, poll, poll, TimeUnit.MILLISECONDS);
    listener.start();
  }

  /** Looks at the session again at the end of its access, to the moment. */
  void follow(Session session) {
    schedule(() -> followEnd(session.login()), 0);
  }

  @Override
  public void close() {
    closed = true;
    checks.shutdownNow();
    listener.interrupt();
  }

  private void followEnd(String login) {
    if (sessions.of(login).isEmpty()) {
      return;
    }
    try {
      doorkeeper
          .secondsLeft(login)
          .ifPresent(
              seconds -> {
                if (seconds <= 0) {
                  check();
                } else {
                  long millis = (long) Math.ceil(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000);
                  schedule(() -> followEnd(login), millis);
                }
              });
    } catch (Doorkeeper.UnavailableException unavailable) {
      LOG.debug("The end of a session's access is not known; it is asked for regularly.");
    }
  }

  private void listen() {
    while (!closed) {
      try {
        doorkeeper.awaitNews(NEWS_WAIT_MILLIS);
        if (checkDue.compareAndSet(false, true)) {
          schedule(this::check, 0);
        }
        pause(NEWS_PAUSE_MILLIS);
      } catch (Doorkeeper.UnavailableException unavailable) {
        pause(RETRY_MILLIS);
      }
    }
  }

  private void check() {
    checkDue.set(false);
    Set<String> logins = sessions.logins();
    boolean enforce = System.nanoTime() - lastEnforcement >= ENFORCE_EVERY.toNanos();
    if (logins.isEmpty() && !enforce) {
      lastAnswer = System.nanoTime();
      return;
    }
    try {
      Set<String> ended = logins.isEmpty() ? Set.of() : doorkeeper.ended(logins);
      ended.forEach(login -> after(HEAD_START_MILLIS, () -> accessEnded(login)));
      seeing();
      if (enforce || !ended.isEmpty()) {
        startEnforcing();
      }
    } catch (Doorkeeper.UnavailableException unavailable) {
      blind(unavailable);
    } catch (RuntimeException defect) {
      // A fixed-delay task that throws is never run again.
      LOG.error("Temporary access could not be checked.", defect);
    }
  }

  /** Not on the thread of the checks: it may wait for a lock. */
  private void startEnforcing() {
    lastEnforcement = System.nanoTime();
    if (enforcing.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("latchkey-gate-enforce").start(this::enforce);
    }
  }

  /**
   * A failure is no blindness: the gate knows whose access is over, and ends those sessions itself.
   */
  private void enforce() {
    try {
      doorkeeper.enforce();
    } catch (Doorkeeper.UnavailableException unavailable) {
      if (!closed) {
        LOG.warn("Ended access could not be enforced: {}", unavailable.getMessage());
      }
    } finally {
      enforcing.set(false);
    }
  }

  private void seeing() {
    lastAnswer = System.nanoTime();
    if (blind) {
      LOG.info("Temporary access can be checked again.");
    }
    blind = false;
  }

  private void blind(Doorkeeper.UnavailableException unavailable) {
    if (closed) {
      return;
    }
    if (!blind) {
      LOG.warn("Temporary access cannot be checked: {}", unavailable.getMessage());
    }
    blind = true;
    if (System.nanoTime() - lastAnswer > limits.blindTime().toNanos()) {
      sessions.all().forEach(session -> end(session, Messages.accessUnknown()));
    }
  }

  private void accessEnded(String login) {
    sessions.of(login).ifPresent(session -> end(session, Messages.accessEnded()));
  }

  private static void end(Session session, byte[] message) {
    session.end(message);
    after(GRACE_MILLIS, session::abort);
  }

  /** Not on the thread of the checks, which may be waiting for the database. */
  private static void after(long millis, Runnable work) {
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(work);
  }

  private void schedule(Runnable work, long millis) {
    try {
      checks.schedule(work, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      // The gate ends all sessions itself.
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }
}
