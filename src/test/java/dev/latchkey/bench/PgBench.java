package dev.latchkey.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PostgreSQL's own load generator, a client that costs little itself. */
final class PgBench implements Client {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
  private static final Pattern LATENCY = Pattern.compile("^\\s+([0-9.]+)\\s.*$", Pattern.MULTILINE);

  private final Path program;
  private final String version;

  private PgBench(Path program) {
    this.program = program;
    try {
      this.version = output(new ProcessBuilder(program.toString(), "--version").start()).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Looked for on the path, then where Debian keeps it. */
  static Optional<PgBench> installed() {
    Stream<Path> onPath = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
    return Stream.concat(onPath, debian())
        .map(folder -> folder.resolve("pgbench"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(PgBench::new);
  }

  @Override
  public Speed run(Target target, Load load, int clients, int seconds) throws Exception {
    Path script = Files.createTempFile("bench", ".sql");
    try {
      Files.writeString(script, script(load));
      List<String> command = new ArrayList<>();
      command.add(program.toString());
      command.addAll(List.of("-n", "-r", "-M", "prepared"));
      command.addAll(List.of("-c", String.valueOf(clients)));
      command.addAll(List.of("-j", String.valueOf(Math.min(clients, 2))));
      command.addAll(List.of("-T", String.valueOf(seconds)));
      command.addAll(List.of("-f", script.toString(), target.uri()));
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      if (!target.password().isEmpty()) {
        builder.environment().put("PGPASSWORD", target.password());
      }
      return speed(output(builder.start()), load);
    } finally {
      Files.delete(script);
    }
  }

  @Override
  public String description() {
    return version + ", prepared statements";
  }

  private static String script(Load load) {
    String fetch = load.fetch().isEmpty() ? "" : oneLine(load.fetch()) + " \\gset\n";
    return "\\set n random(1, " + load.range() + ")\n" + fetch + oneLine(load.statement()) + ";\n";
  }

  private static String oneLine(String sql) {
    return sql.strip().replaceAll("\\s*\n\\s*", " ");
  }

  private static Speed speed(String output, Load load) {
    Matcher rate = RATE.matcher(output);
    if (!rate.find() || output.contains("aborted")) {
      throw new AssertionError(output);
    }
    double perSecond = Double.parseDouble(rate.group(1));
    // The measured statement is the last one of the script.
    double milliseconds =
        LATENCY
            .matcher(output)
            .results()
            .reduce((first, second) -> second)
            .map(found -> Double.parseDouble(found.group(1)))
            .orElseThrow(() -> new AssertionError(output));
    return new Speed(perSecond, milliseconds / 1000);
  }

  private static Stream<Path> debian() {
    if (!Files.isDirectory(DEBIAN)) {
      return Stream.empty();
    }
    try (var versions = Files.list(DEBIAN)) {
      return versions.sorted().map(version -> version.resolve("bin")).toList().reversed().stream();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String output(Process process) throws IOException {
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
