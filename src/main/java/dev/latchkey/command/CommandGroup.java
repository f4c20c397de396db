package dev.latchkey.command;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing by itself but has others below it. */
abstract class CommandGroup implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public final void run() {
    List<String> names = new ArrayList<>(new TreeSet<>(spec.subcommands().keySet()));
    String last = names.removeLast();
    throw new ParameterException(
        spec.commandLine(),
        "One of %s and %s is missing.".formatted(String.join(", ", names), last));
  }

  /** Where answers and messages go. */
  final Output output() {
    return Output.of(spec.commandLine());
  }
}
