package dev.latchkey.command;

/** The command line as a program of its own, for tests that interrupt or kill it. */
final class CommandChild {
  private CommandChild() {}

  public static void main(String[] arguments) {
    System.exit(
        LatchkeyCommand.with(new SandboxCommand(), new TokenCommand(), new DoctorCommand())
            .execute(arguments));
  }
}
