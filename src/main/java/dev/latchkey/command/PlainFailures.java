package dev.latchkey.command;

import dev.latchkey.database.DatabaseException;
import dev.latchkey.sandbox.SandboxException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Says what went wrong in one line. Only what nobody expected has a stack trace, because somebody
 * has to find it.
 */
final class PlainFailures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    if (failure instanceof SandboxException || failure instanceof DatabaseException) {
      line.getErr().println("latchkey: " + failure.getMessage());
    } else {
      line.getErr().println("latchkey: an error that should not happen; please report it.");
      failure.printStackTrace(line.getErr());
    }
    line.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
