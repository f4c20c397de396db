package dev.latchkey.command;

/** The command line as a program of its own, for tests that interrupt, kill or type into it. */
final class CommandChild {
  private CommandChild() {}

  public static void main(String[] arguments) {
    System.exit(CommandLineRun.line().execute(arguments));
  }
}
