package dev.latchkey.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A PostgreSQL server in a private folder that listens on nothing but a unix socket in that folder.
 *
 * <p>The folder's mode is the boundary: whoever may enter it may be every role. The server is a
 * process of its own and goes on when this one is killed; the next start finds and adopts it.
 * Nothing here registers a shutdown hook: whoever starts a server closes it.
 */
public final class EmbeddedServer implements AutoCloseable {
  /** sun_path is 108 bytes on Linux and 104 on macOS, with the closing zero. */
  private static final int LONGEST_SOCKET = 103;

  private static final long LARGEST_LOG = 5_000_000;
  private static final String FORBIDDEN_IN_PATH = "\"`$\n\r";

  private final ServerPrograms programs;
  private final ServerSettings settings;
  private final FolderLock lock;
  private final Path data;
  private final Path log;
  private final ServerAddress address;
  private final boolean adopted;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedServer(
      ServerPrograms programs,
      ServerSettings settings,
      FolderLock lock,
      Path folder,
      ServerAddress address,
      boolean adopted) {
    this.programs = programs;
    this.settings = settings;
    this.lock = lock;
    this.data = folder.resolve("data");
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
      var programs = new ServerPrograms(ServerBinaries.unpack(settings.binaries()), folder);
      programs.requireUsableAccount();
      return launch(programs, settings, folder, lock);
    } catch (RuntimeException failure) {
      lock.close();
      throw failure;
    }
  }

  private static EmbeddedServer launch(
      ServerPrograms programs, ServerSettings settings, Path folder, FolderLock lock) {
    Path data = folder.resolve("data");
    try {
      initialise(programs, settings, data);
      requireSameMajor(programs, settings, data);
      Optional<ServerAddress> running = recover(programs, settings, data);
      if (running.isPresent()) {
        return new EmbeddedServer(programs, settings, lock, folder, running.get(), true);
      }
      Path socketFolder = socketFolder(folder);
      ServerConfiguration.write(data, socketFolder, settings.durable());
      var server =
          new EmbeddedServer(
              programs,
              settings,
              lock,
              folder,
              new ServerAddress(socketFolder, ServerConfiguration.PORT),
              false);
      server.launch();
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
    return PostmasterFile.read(data).filter(PostmasterFile::looksAlive).isPresent();
  }

  /** Stops the server: sessions are ended, data is written. Does nothing the second time. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (running()) {
        stop(programs, data);
      }
      removeShortFolder(address.socketFolder());
    } finally {
      lock.close();
    }
  }

  private void launch() throws IOException {
    if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
      Files.move(log, log.resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    try {
      String seconds = Long.toString(settings.startWait().toSeconds());
      programs.run(
          settings.startWait().plusSeconds(10),
          "pg_ctl",
          "start",
          "-w",
          "-s",
          "-t",
          seconds,
          "-D",
          data.toString(),
          "-l",
          log.toString());
    } catch (SandboxException failure) {
      removeShortFolder(address.socketFolder());
      throw new SandboxException(
          "The server did not start: " + lastLogLine() + " Its log is " + log + ".", failure);
    }
  }

  private String lastLogLine() {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return lines.stream()
          .filter(line -> line.contains("FATAL:"))
          .reduce((first, second) -> second)
          .orElse("the reason is unknown.");
    } catch (IOException unreadable) {
      return "the reason is unknown.";
    }
  }

  private static void initialise(ServerPrograms programs, ServerSettings settings, Path data)
      throws IOException {
    if (Files.isDirectory(data)) {
      return;
    }
    Path half = data.resolveSibling("data.unfinished");
    PrivateFolder.delete(half);
    boolean builtinLocale = major(programs) >= 17;
    programs.run(
        settings.startWait(),
        "initdb",
        java.util.stream.Stream.of(
                List.of(
                    "-D",
                    half.toString(),
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C"),
                builtinLocale
                    ? List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
                    : List.<String>of(),
                settings.durable() ? List.<String>of() : List.of("--no-sync"))
            .flatMap(List::stream)
            .toArray(String[]::new));
    Files.move(half, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void requireSameMajor(ServerPrograms programs, ServerSettings settings, Path data)
      throws IOException {
    String stored = Files.readString(data.resolve("PG_VERSION")).strip();
    int major = major(programs);
    if (!stored.equals(Integer.toString(major))) {
      throw new SandboxException(
          "The data in "
              + settings.folder()
              + " was made by PostgreSQL "
              + stored
              + ", and this is PostgreSQL "
              + major
              + ".");
    }
  }

  private static int major(ServerPrograms programs) {
    String version = programs.run(Duration.ofSeconds(30), "postgres", "--version");
    return Integer.parseInt(version.replaceFirst("^.*\\) ", "").replaceFirst("\\D.*$", ""));
  }

  /** Adopts a living server; clears away what a dead one has left. */
  private static Optional<ServerAddress> recover(
      ServerPrograms programs, ServerSettings settings, Path data) throws IOException {
    Optional<PostmasterFile> found = PostmasterFile.read(data);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    PostmasterFile file = found.get();
    if (!file.looksAlive()) {
      Files.deleteIfExists(data.resolve(PostmasterFile.NAME));
      file.socketFolder().ifPresent(EmbeddedServer::removeShortFolder);
      return Optional.empty();
    }
    Optional<ServerAddress> address =
        file.socketFolder().map(folder -> new ServerAddress(folder, file.port()));
    if (address.isPresent() && answers(address.get(), data)) {
      return address;
    }
    stop(programs, data);
    return Optional.empty();
  }

  private static boolean answers(ServerAddress address, Path data) {
    try (Connection connection = address.dataSource("postgres", "postgres").getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select current_setting('data_directory')")) {
      return rows.next() && Files.isSameFile(Path.of(rows.getString(1)), data);
    } catch (SQLException | IOException silent) {
      return false;
    }
  }

  private static void stop(ServerPrograms programs, Path data) {
    Duration patience = Duration.ofSeconds(30);
    try {
      programs.run(
          patience.plusSeconds(10),
          "pg_ctl",
          "stop",
          "-s",
          "-w",
          "-m",
          "fast",
          "-t",
          "30",
          "-D",
          data.toString());
    } catch (SandboxException slow) {
      if (PostmasterFile.read(data).filter(PostmasterFile::looksAlive).isPresent()) {
        programs.run(
            patience.plusSeconds(10),
            "pg_ctl",
            "stop",
            "-s",
            "-w",
            "-m",
            "immediate",
            "-t",
            "30",
            "-D",
            data.toString());
      }
    }
  }

  /**
   * The socket's folder: in the server's folder, or a short one of its own where the path would be
   * too long for a socket.
   */
  private static Path socketFolder(Path folder) throws IOException {
    Path inside = folder.resolve("socket");
    if (fits(inside)) {
      return PrivateFolder.prepare(inside);
    }
    Path outside = Files.createTempDirectory(SHORT_PREFIX).toRealPath();
    if (!fits(outside)) {
      Files.delete(outside);
      throw new SandboxException(
          "Neither "
              + folder
              + " nor the system's folder for temporary files has a path short enough for a socket.");
    }
    return PrivateFolder.prepare(outside);
  }

  private static final String SHORT_PREFIX = "latchkey-";

  private static boolean fits(Path socketFolder) {
    Path socket = new ServerAddress(socketFolder, ServerConfiguration.PORT).socket();
    return socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET;
  }

  private static void removeShortFolder(Path socketFolder) {
    if (!socketFolder.getFileName().toString().startsWith(SHORT_PREFIX)) {
      return;
    }
    try {
      PrivateFolder.delete(socketFolder);
    } catch (IOException ignored) {
      // An empty private folder among the temporary files harms nobody.
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
          "The folder "
              + path
              + " has a character in its path that PostgreSQL's programs cannot handle (\" ` $ \\).");
    }
  }
}
