package dev.latchkey.gatekeeper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system to its end. */
final class Program {
  /** What a program said, both streams together, and its exit code. */
  record Outcome(int exitCode, String output) {
    boolean good() {
      return exitCode == 0;
    }
  }

  private static final int PATIENCE_SECONDS = 120;

  private Program() {}

  static Outcome run(List<String> command) {
    return run(command, Map.of(), new byte[0]);
  }

  /** In the root folder, with the environment of this process and what is added to it. */
  static Outcome run(List<String> command, Map<String, String> environment, byte[] input) {
    return outcome(start(command, environment), input);
  }

  static Process start(List<String> command, Map<String, String> environment) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(new java.io.File("/"));
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static Outcome outcome(Process process, byte[] input) {
    var said = CompletableFuture.supplyAsync(() -> everything(process.getInputStream()));
    try {
      try (var in = process.getOutputStream()) {
        in.write(input);
      } catch (IOException gone) {
        // It did not want to read all of it.
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running: " + process.info().commandLine().orElse("?"));
      }
      return new Outcome(process.exitValue(), said.join());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private static String everything(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
