package dev.latchkey.command;

import java.util.Optional;
import picocli.CommandLine.Option;

/** How a change is made and its answer printed. */
final class ChangeOptions {
  @Option(names = "--json", description = "Print the whole answer as one line of JSON.")
  private boolean json;

  @Option(names = "--dry-run", description = "Print the exact call instead of running it.")
  private boolean dryRun;

  @Option(
      names = "--end-own-access",
      paramLabel = "NAME",
      description =
          "For scripts: the role, e-mail address or token that this ends, where it is your own access. In a terminal it is asked for.")
  private Optional<String> endOwnAccess;

  boolean json() {
    return json;
  }

  boolean dryRun() {
    return dryRun;
  }

  /** The name that whoever ends his own access has to give. */
  Optional<String> endOwnAccess() {
    return endOwnAccess;
  }
}
