package dev.latchkey;

import dev.latchkey.command.LatchkeyCommand;
import dev.latchkey.command.SandboxCommand;
import java.util.List;

/** Where the program starts: without arguments the window, otherwise the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Logs.setUp();
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    return LatchkeyCommand.with(new SandboxCommand()).execute(arguments.toArray(String[]::new));
  }
}
