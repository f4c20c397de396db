package dev.latchkey.command;

import dev.latchkey.doctor.Patience;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The whole command line, run within this process or as a program of its own. */
record CommandLineRun(int code, String output, String errors) {
  private static final Duration LONG = Duration.ofSeconds(30);

  static CommandLineRun of(String... arguments) {
    var output = new StringWriter();
    var errors = new StringWriter();
    CommandLine line = line();
    line.setOut(new PrintWriter(output));
    line.setErr(new PrintWriter(errors));
    int code = line.execute(arguments);
    return new CommandLineRun(code, output.toString(), errors.toString());
  }

  /** The doctor in it waits as long as a busy machine may need. */
  static CommandLine line() {
    return LatchkeyCommand.with(
        new SandboxCommand(),
        new TokenCommand(),
        new AccessCommand(),
        new SchemaCommand(),
        new DoctorCommand(new Patience(LONG, LONG, LONG)));
  }

  /** As a program of its own, without a token in its environment. */
  static ProcessBuilder program(String... arguments) {
    var builder = new ProcessBuilder(words(arguments));
    withoutToken(builder);
    return builder;
  }

  /** The same in a terminal, whose screen is the process's output. Needs {@code script}. */
  static ProcessBuilder programInTerminal(String... arguments) {
    String command =
        String.join(" ", words(arguments).stream().map(CommandLineRun::quoted).toList());
    var builder = new ProcessBuilder("script", "-qec", command, "/dev/null");
    withoutToken(builder);
    return builder.redirectErrorStream(true);
  }

  static String[] with(String[] more, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static List<String> words(String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(ProcessHandle.current().info().command().orElse("java"));
    words.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            // It lives for seconds: what the second compiler makes of it comes too late.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            CommandChild.class.getName()));
    words.addAll(List.of(arguments));
    return words;
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private static void withoutToken(ProcessBuilder builder) {
    builder.environment().keySet().removeAll(List.of("LATCHKEY_TOKEN", "PGPASSWORD"));
  }
}
