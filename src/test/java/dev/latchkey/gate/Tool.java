package dev.latchkey.gate;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program of PostgreSQL's own that is used where it is installed: psql, pgbench. */
final class Tool {
  /** What a program said, both streams together, and its exit code. */
  record Outcome(int exitCode, String output) {}

  private static final int PATIENCE_SECONDS = 60;

  private final Path program;

  private Tool(Path program) {
    this.program = program;
  }

  /** Skips the test, with the reason, where the program is not installed. */
  static Tool orSkip(String name) {
    Optional<Path> program =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(program.isPresent(), name + " is not installed on this machine");
    return new Tool(program.orElseThrow());
  }

  Process start(String token, List<String> arguments) throws IOException {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", token);
    builder.environment().put("PSQLRC", "/dev/null");
    return builder.start();
  }

  Outcome run(String token, List<String> arguments) throws IOException, InterruptedException {
    return outcome(start(token, arguments));
  }

  static Outcome outcome(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + output);
    }
    return new Outcome(process.exitValue(), output);
  }
}
