package dev.latchkey.sandbox.server;

import dev.latchkey.sandbox.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A PostgreSQL server in a private folder that listens on nothing but a unix socket in that folder.
 *
 * <p>The folder's mode is the boundary: whoever may enter it may be every role. The server is a
 * process of its own and goes on when this one is killed; the next start finds and adopts it.
 * Nothing here registers a shutdown hook: whoever starts a server closes it.
 */
public final class EmbeddedServer implements AutoCloseable {
  /** What a start consists of. */
  public enum Step {
    UNPACK,
    LAUNCH
  }

  private static final long LARGEST_LOG = 5_000_000;

  /** Processes of a killed server may take a few seconds to notice that it is gone. */
  private static final int ATTEMPTS = 15;

  private static final String FORBIDDEN_IN_PATH = "\"`$\n\r";

  private final ServerPrograms programs;
  private final FolderLock lock;
  private final DataFolder data;
  private final Path log;
  private final ServerAddress address;
  private final boolean adopted;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedServer(
      ServerPrograms programs,
      FolderLock lock,
      Path folder,
      ServerAddress address,
      boolean adopted) {
    this.programs = programs;
    this.lock = lock;
    this.data = new DataFolder(folder);
    this.log = folder.resolve("server.log");
    this.address = address;
    this.adopted = adopted;
  }

  /**
   * Starts the server, the first time with unpacking and initialising, or adopts the one that a
   * killed process has left running.
   *
   * @throws SandboxException when the folder cannot be used or is in use, when PostgreSQL cannot
   *     run here, or does not start in time
   */
  public static EmbeddedServer start(ServerSettings settings) {
    return start(settings, step -> {});
  }

  /**
   * As {@link #start(ServerSettings)}.
   *
   * @param progress hears each step as it begins
   */
  public static EmbeddedServer start(ServerSettings settings, Consumer<Step> progress) {
    requireHarmless(settings.folder());
    requireHarmless(settings.binaries());
    Path folder = PrivateFolder.prepare(settings.folder());
    FolderLock lock =
        FolderLock.tryLock(folder)
            .orElseThrow(
                () ->
                    new SandboxException(
                        "The server in " + folder + " is in use by another Latchkey."));
    try {
      progress.accept(Step.UNPACK);
      var programs =
          new ServerPrograms(
              ServerBinaries.unpack(settings.binaries(), settings.archive()), folder);
      programs.requireUsableAccount();
      progress.accept(Step.LAUNCH);
      return launch(programs, settings, folder, lock);
    } catch (RuntimeException failure) {
      lock.close();
      throw failure;
    }
  }

  private static EmbeddedServer launch(
      ServerPrograms programs, ServerSettings settings, Path folder, FolderLock lock) {
    DataFolder data = new DataFolder(folder);
    try {
      data.initialise(programs, settings.startWait(), settings.durable());
      Optional<ServerAddress> running = data.recover(programs);
      if (running.isPresent()) {
        return new EmbeddedServer(programs, lock, folder, running.get(), true);
      }
      var address = new ServerAddress(SocketFolder.choose(folder), ServerConfiguration.PORT);
      ServerConfiguration.write(data.path(), address.socketFolder(), settings.durable());
      var server = new EmbeddedServer(programs, lock, folder, address, false);
      server.launch(settings);
      return server;
    } catch (IOException failure) {
      throw new SandboxException(
          "The server in " + folder + " cannot be prepared: " + PrivateFolder.reason(failure) + ".",
          failure);
    }
  }

  /** Where it listens. */
  public ServerAddress address() {
    return address;
  }

  /** The server's own log; it holds no statements. */
  public Path log() {
    return log;
  }

  /** Whether the server was already running, left over from a killed process. */
  public boolean adopted() {
    return adopted;
  }

  /** Whether the server's process is there. */
  public boolean running() {
    return data.served();
  }

  /** Stops the server: sessions are ended, data is written. Does nothing the second time. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (data.served()) {
        data.stop(programs);
      }
      SocketFolder.release(address.socketFolder());
    } finally {
      lock.close();
    }
  }

  private void launch(ServerSettings settings) throws IOException {
    if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
      Files.move(log, log.resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    String seconds = Long.toString(settings.startWait().toSeconds());
    List<String> start =
        List.of(
            "start", "-s", "-w", "-t", seconds, "-D", data.path().toString(), "-l", log.toString());
    for (int attempt = 1; ; attempt++) {
      try {
        programs.run(settings.startWait().plusSeconds(10), "pg_ctl", start);
        return;
      } catch (SandboxException failure) {
        String reason = lastFailure();
        if (attempt == ATTEMPTS || !reason.contains("still in use")) {
          SocketFolder.release(address.socketFolder());
          throw new SandboxException(
              "The server did not start: " + reason + " Its log is " + log + ".", failure);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new SandboxException("Interrupted while the server was starting.", interrupted);
    }
  }

  private String lastFailure() {
    String unknown = "it did not say why.";
    try (var lines = Files.lines(log, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.contains("FATAL: "))
          .reduce((first, second) -> second)
          .map(line -> line.substring(line.indexOf("FATAL: ") + 7).strip() + ".")
          .orElse(unknown);
    } catch (IOException unreadable) {
      return unknown;
    }
  }

  /**
   * pg_ctl and initdb hand paths to a shell between double quotes; what a shell would interpret
   * there is refused.
   */
  private static void requireHarmless(Path folder) {
    String path = folder.toAbsolutePath().toString();
    boolean backslash = !ServerBinaries.windows() && path.indexOf('\\') >= 0;
    if (backslash
        || path.chars().anyMatch(character -> FORBIDDEN_IN_PATH.indexOf(character) >= 0)) {
      throw new SandboxException(
          "The path "
              + path
              + " has a character that PostgreSQL's programs cannot handle (\" ` $ \\).");
    }
  }
}
