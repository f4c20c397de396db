package dev.latchkey.sandbox;

import dev.latchkey.database.Endpoint;
import dev.latchkey.sandbox.server.DataFolder;
import dev.latchkey.sandbox.server.FolderLock;
import dev.latchkey.sandbox.server.ServerAddress;
import dev.latchkey.token.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * A database with sample data on this machine, entered like any other: through the gate, with an
 * access token for a password.
 *
 * <p>One process runs it. A second one that opens the same folder joins the first and gets a token
 * of its own; when the first ends, so does the sandbox for both, and {@link #onEnd} tells.
 */
public final class Sandbox implements AutoCloseable {
  /** Whom the tokens are for. */
  public static final String OPERATOR = "Mara Lindqvist";

  private final ServerAddress server;
  private final int gatePort;
  private final Optional<RunningSandbox> running;
  private final List<Runnable> endListeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread watch;

  private Sandbox(
      ServerAddress server, int gatePort, Optional<RunningSandbox> running, SandboxWatch watch) {
    this.server = server;
    this.gatePort = gatePort;
    this.running = running;
    this.watch =
        Thread.ofVirtual().name("sandbox-watch").start(() -> watch.untilEnd(this::tellEnd));
  }

  /**
   * Opens the sandbox: starts it, the first time with making it, or joins the process that runs it.
   * Blocks.
   *
   * @throws SandboxException with what stands in the way; nothing is left running then
   */
  public static Sandbox open(SandboxSettings settings, Progress progress) {
    SandboxFolder folder = SandboxFolder.prepare(settings.folder());
    var entrance = new SandboxEntrance(folder, progress);
    Optional<FolderLock> lock = entrance.lockOrAwait();
    if (lock.isEmpty()) {
      SandboxState state = entrance.runningState();
      ServerAddress server = state.address().orElseThrow();
      progress.begins("Joined the running sandbox", 1);
      return new Sandbox(
          server, state.gatePort(), Optional.empty(), SandboxWatch.ofAnother(folder, state.pid()));
    }
    RunningSandbox started = RunningSandbox.start(folder, lock.get(), settings.port(), progress);
    progress.begins("The sandbox is ready", 1);
    return new Sandbox(
        started.server(), started.gatePort(), Optional.of(started), SandboxWatch.ofOwn(started));
  }

  /**
   * Throws a sandbox away, so that the next start makes a new one. Does nothing where there is
   * none.
   *
   * @throws SandboxException when a process runs it, or the folder is not a sandbox's
   */
  public static void reset(Path folder) {
    SandboxFolder ours = SandboxFolder.prepare(folder);
    FolderLock lock =
        ours.tryLock()
            .orElseThrow(
                () ->
                    new SandboxException(
                        "The sandbox is running" + runner(ours) + ". Stop it, then reset it."));
    try {
      new DataFolder(ours.server()).abandon();
      ours.clear();
    } finally {
      lock.close();
    }
  }

  /** Where to sign in: the gate, as the sample operator's role. */
  public Endpoint endpoint() {
    return Endpoint.loopback(gatePort, SandboxDatabase.NAME, SandboxDatabase.OPERATOR_ROLE);
  }

  /** A fresh token for {@link #OPERATOR}, good for 8 hours; renews the grant behind it. Blocks. */
  public Secret issueToken() {
    return new SandboxDatabase(server).issueToken();
  }

  /**
   * A libpq URI that enters as superuser past the gate, without a password; only for the account
   * that runs the sandbox.
   */
  public String adminUri() {
    return server.uri(SandboxDatabase.NAME, "postgres");
  }

  /** The same entrance for this program itself. */
  public DataSource adminDataSource() {
    return server.dataSource(SandboxDatabase.NAME, "postgres");
  }

  /** Where the server's unix socket is. */
  public Path socketFolder() {
    return server.socketFolder();
  }

  /** Whether another process runs it and this one has joined. */
  public boolean joined() {
    return running.isEmpty();
  }

  /**
   * Has {@code listener} told, on a thread of its own, when the sandbox ends without this side
   * closing it.
   */
  public void onEnd(Runnable listener) {
    endListeners.add(listener);
  }

  /**
   * Ends the sandbox with all its sessions, or, where it was joined, only leaves it. Does nothing
   * the second time.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    watch.interrupt();
    running.ifPresent(RunningSandbox::close);
  }

  /**
   * What is left of it is put away before anyone is told, so that it can be opened again at once.
   */
  private void tellEnd() {
    if (closed.compareAndSet(false, true)) {
      running.ifPresent(RunningSandbox::close);
      endListeners.forEach(Runnable::run);
    }
  }

  private static String runner(SandboxFolder folder) {
    return SandboxState.read(folder.stateFile())
        .map(state -> " in process " + state.pid())
        .orElse("");
  }
}
