package dev.latchkey.sandbox.server;

import dev.latchkey.sandbox.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs PostgreSQL's own programs. They refuse to run as root; there they run in a user namespace of
 * their own, which keeps the same files accessible.
 */
final class ServerPrograms {
  private static final List<String> IN_NAMESPACE = List.of("unshare", "-U");

  private final ServerBinaries binaries;
  private final Path folder;
  private final List<String> prefix;

  ServerPrograms(ServerBinaries binaries, Path folder) {
    this(binaries, folder, ownedByRoot(folder) ? IN_NAMESPACE : List.of());
  }

  /**
   * @param prefix what makes an account usable that PostgreSQL refuses; empty for any other
   */
  ServerPrograms(ServerBinaries binaries, Path folder, List<String> prefix) {
    this.binaries = binaries;
    this.folder = folder;
    this.prefix = prefix;
  }

  /**
   * Says clearly, before anything fails in a less clear way, when this process is root and may not
   * make a user namespace.
   *
   * @throws SandboxException when PostgreSQL cannot run here as this user
   */
  void requireUsableAccount() {
    if (prefix.isEmpty()) {
      return;
    }
    List<String> probe = new ArrayList<>(prefix);
    probe.add("true");
    if (!succeeds(probe)) {
      throw new SandboxException(
          "PostgreSQL refuses to run as root, and this system does not let root make a user namespace (unshare -U)."
              + " Start Latchkey as an ordinary user.");
    }
  }

  /**
   * Runs one program to its end.
   *
   * @return what it printed
   * @throws SandboxException with the first line of what it printed, when it fails or takes longer
   *     than {@code wait}
   */
  String run(Duration wait, String program, List<String> arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(binaries.program(program).toString());
    command.addAll(arguments);
    Path output = null;
    try {
      // A file, not a pipe: a server that goes on running would keep a pipe open for ever.
      output = Files.createTempFile(folder, program + "-", ".out");
      Process process =
          builder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroy();
        throw new SandboxException(
            "PostgreSQL's " + program + " did not finish within " + wait.toSeconds() + " s.");
      }
      String printed = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
      if (process.exitValue() != 0) {
        throw new SandboxException("PostgreSQL's " + program + " failed: " + lastLine(printed));
      }
      return printed;
    } catch (IOException failure) {
      throw new SandboxException(
          "PostgreSQL's " + program + " cannot be run: " + PrivateFolder.reason(failure) + ".",
          failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new SandboxException(
          "Interrupted while PostgreSQL's " + program + " was running.", interrupted);
    } finally {
      deleteQuietly(output);
    }
  }

  /** The major version of the programs: 17. */
  int major() {
    String version = run(Duration.ofSeconds(30), "postgres", List.of("--version"));
    return Integer.parseInt(version.replaceFirst("^.*\\) ", "").replaceFirst("\\D.*$", ""));
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    // The operator's own PGDATA, PGOPTIONS or language must not reach a server that is none of
    // theirs.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  private boolean succeeds(List<String> command) {
    try {
      Process process =
          builder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String lastLine(String printed) {
    return printed.isEmpty()
        ? "it said nothing"
        : printed.substring(printed.lastIndexOf('\n') + 1).strip();
  }

  private static void deleteQuietly(Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException ignored) {
      // A leftover of a few bytes in our own folder.
    }
  }

  private static boolean ownedByRoot(Path folder) {
    if (ServerBinaries.windows()) {
      return false;
    }
    try {
      return Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0);
    } catch (IOException | UnsupportedOperationException unknown) {
      return System.getProperty("user.name").equals("root");
    }
  }
}
