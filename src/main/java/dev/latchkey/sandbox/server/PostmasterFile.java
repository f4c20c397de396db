package dev.latchkey.sandbox.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a running (or killed) server has written about itself into postmaster.pid.
 *
 * @param pid the server's process
 * @param port part of the socket's name
 * @param socketFolder empty while the server is still starting
 */
public record PostmasterFile(long pid, int port, Optional<Path> socketFolder) {
  static final String NAME = "postmaster.pid";

  /** Above every system's largest process number. */
  private static final int NO_PROCESS = 2_000_000_000;

  /** Empty when there is none, or when it holds no process id. */
  public static Optional<PostmasterFile> read(Path data) {
    try {
      List<String> lines = Files.readAllLines(data.resolve(NAME), StandardCharsets.UTF_8);
      if (lines.isEmpty()) {
        return Optional.empty();
      }
      long pid = Long.parseLong(lines.getFirst().strip());
      int port = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
      Optional<Path> folder =
          lines.size() > 4 && !lines.get(4).isBlank()
              ? Optional.of(Path.of(lines.get(4).strip()))
              : Optional.empty();
      return Optional.of(new PostmasterFile(pid, port, folder));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * Makes the file say that its process is gone, for a server that takes the number's new bearer
   * for a colleague. The rest must stay: from it the server finds out whether processes of the dead
   * one still write to the data.
   */
  static void markStale(Path data) throws IOException {
    Path file = data.resolve(NAME);
    List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8));
    lines.set(0, Integer.toString(NO_PROCESS));
    Files.write(file, lines, StandardCharsets.UTF_8);
  }

  /** Where the server listens; empty while it is still starting. */
  Optional<ServerAddress> address() {
    return socketFolder.map(folder -> new ServerAddress(folder, port));
  }

  /** Whose the process of a pid file is. */
  enum Life {
    /** There is no such process, or it is quite another program. */
    GONE,
    /** It is the server of this data folder. */
    OURS,
    /** The system does not say. */
    UNKNOWN
  }

  /**
   * Looks at the process itself: after a restart of the machine, and quickly in a container, the
   * number may belong to another program, or to another server.
   */
  Life life(Path data) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    if (process.isEmpty()) {
      return Life.GONE;
    }
    ProcessHandle.Info info = process.get().info();
    if (info.arguments().isPresent()) {
      return List.of(info.arguments().get()).contains(data.toString()) ? Life.OURS : Life.GONE;
    }
    // Windows gives no arguments; elsewhere a process without any has ended and waits for its
    // parent to notice.
    return info.command().filter(command -> command.contains("postgres")).isPresent()
        ? Life.UNKNOWN
        : Life.GONE;
  }
}
