package dev.latchkey.command;

import dev.latchkey.rows.FailureException;
import dev.latchkey.sandbox.SandboxException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Says what went wrong in one line, and in a second one what to do, as the window does. Only what
 * nobody expected has a stack trace, because somebody has to find it.
 */
final class PlainFailures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    Output output = Output.of(line);
    switch (failure) {
      case FailureException refused -> {
        output.tell(TextTable.plain(refused.getMessage()));
        output.advise(TextTable.plain(refused.failure().nextStep()));
      }
      case SandboxException told -> output.tell(told.getMessage());
      default -> {
        output.tell("an error that should not happen; please report it.");
        failure.printStackTrace(line.getErr());
        line.getErr().flush();
      }
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
