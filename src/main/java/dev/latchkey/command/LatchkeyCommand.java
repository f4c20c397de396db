package dev.latchkey.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line's root: what may follow {@code latchkey}. Without anything, the program opens
 * its window instead.
 */
@Command(
    name = "latchkey",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "API keys and temporary access in PostgreSQL. Without a command it opens the console's window.",
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  done",
      "  1  failed, or doctor found something; the message says why",
      "  2  the command line was not understood"
    })
public final class LatchkeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  /**
   * The whole command line, ready to execute. Failures that are expected become a line on standard
   * error with the next step below it, without a stack trace.
   *
   * @param subcommands what else there is, such as a {@link SandboxCommand}
   */
  public static CommandLine with(Object... subcommands) {
    var line = new CommandLine(new LatchkeyCommand());
    for (Object subcommand : subcommands) {
      line.addSubcommand(subcommand);
    }
    line.setExecutionExceptionHandler(new PlainFailures());
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing.");
  }
}
