package dev.latchkey.sandbox.server;

import dev.latchkey.sandbox.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server's data, and the process that may be working on it: this one's, one that a killed process
 * has left, or none.
 */
public final class DataFolder {
  private static final Duration STOP_WAIT = Duration.ofSeconds(30);
  private static final int FIRST_WITH_BUILTIN_LOCALE = 17;

  private final Path path;

  /**
   * @param serverFolder the folder's real path
   */
  public DataFolder(Path serverFolder) {
    this.path = serverFolder.resolve("data");
  }

  Path path() {
    return path;
  }

  /**
   * Initialises the data where there is none, in one step, so that an interrupted attempt is not
   * taken for data.
   */
  void initialise(ServerPrograms programs, Duration wait, boolean durable) throws IOException {
    int major = programs.major();
    if (Files.isDirectory(path)) {
      PrivateFolder.prepare(path);
      requireMajor(major);
      return;
    }
    Path half = path.resolveSibling("data.unfinished");
    PrivateFolder.delete(half);
    List<String> locale =
        major >= FIRST_WITH_BUILTIN_LOCALE
            ? List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
            : List.of();
    List<String> sync = durable ? List.of() : List.of("--no-sync");
    List<String> always =
        List.of(
            "-D",
            half.toString(),
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C");
    programs.run(wait, "initdb", Stream.of(always, locale, sync).flatMap(List::stream).toList());
    Files.move(half, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Finds the living server of a killed process; clears away what a dead one has left. */
  Optional<ServerAddress> recover(ServerPrograms programs) throws IOException {
    Optional<PostmasterFile> found = PostmasterFile.read(path);
    if (found.isEmpty()) {
      Files.deleteIfExists(path.resolve(PostmasterFile.NAME));
      return Optional.empty();
    }
    PostmasterFile.Life life = found.get().life(path);
    if (life == PostmasterFile.Life.GONE) {
      PostmasterFile.markStale(path);
      found.get().socketFolder().ifPresent(SocketFolder::release);
      return Optional.empty();
    }
    Optional<ServerAddress> address = found.flatMap(PostmasterFile::address).filter(this::answers);
    if (address.isPresent()) {
      return address;
    }
    if (life == PostmasterFile.Life.UNKNOWN) {
      throw new SandboxException(
          "Process "
              + found.get().pid()
              + " seems to be a server on "
              + path
              + " and does not answer. End it and try again.");
    }
    stop(programs);
    return Optional.empty();
  }

  public boolean served() {
    return PostmasterFile.read(path)
        .filter(file -> file.life(path) != PostmasterFile.Life.GONE)
        .isPresent();
  }

  /**
   * Ends sessions and writes data; where the server does not manage that in time, without writing.
   */
  void stop(ServerPrograms programs) {
    Optional<PostmasterFile> server = PostmasterFile.read(path);
    try {
      stop(programs, "fast");
    } catch (SandboxException slow) {
      if (served()) {
        stop(programs, "immediate");
      }
    }
    server.ifPresent(this::awaitEnd);
  }

  /** Ends the server whose data is about to be thrown away, without asking it. */
  public void abandon() {
    Optional<PostmasterFile> file =
        PostmasterFile.read(path).filter(found -> found.life(path) == PostmasterFile.Life.OURS);
    file.flatMap(found -> ProcessHandle.of(found.pid())).ifPresent(ProcessHandle::destroyForcibly);
    file.ifPresent(this::awaitEnd);
    file.flatMap(PostmasterFile::socketFolder).ifPresent(SocketFolder::release);
  }

  /** The server removes its file a moment before it ends. */
  private void awaitEnd(PostmasterFile server) {
    long end = System.nanoTime() + STOP_WAIT.toNanos();
    while (server.life(path) != PostmasterFile.Life.GONE) {
      if (System.nanoTime() > end) {
        throw new SandboxException(
            "The server in " + path + " (process " + server.pid() + ") does not end.");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void stop(ServerPrograms programs, String mode) {
    String seconds = Long.toString(STOP_WAIT.toSeconds());
    programs.run(
        STOP_WAIT.plusSeconds(10),
        "pg_ctl",
        List.of("stop", "-s", "-w", "-m", mode, "-t", seconds, "-D", path.toString()));
  }

  private boolean answers(ServerAddress address) {
    try (Connection connection = address.dataSource("postgres", "postgres").getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select current_setting('data_directory')")) {
      return rows.next() && Files.isSameFile(Path.of(rows.getString(1)), path);
    } catch (SQLException | IOException silent) {
      return false;
    }
  }

  private void requireMajor(int major) throws IOException {
    String stored = storedMajor();
    if (!stored.equals(Integer.toString(major))) {
      throw new SandboxException(
          "The data in "
              + path
              + " was made by PostgreSQL "
              + stored
              + ", and this is PostgreSQL "
              + major
              + ".");
    }
  }

  private String storedMajor() throws IOException {
    try {
      return Files.readString(path.resolve("PG_VERSION"), StandardCharsets.US_ASCII).strip();
    } catch (NoSuchFileException missing) {
      throw new SandboxException("The folder " + path + " holds no PostgreSQL data.", missing);
    }
  }
}
