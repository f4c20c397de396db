package dev.latchkey.command;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Why something is done; it goes into the audit event. */
final class ReasonOption {
  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
  private Optional<String> reason;

  Optional<String> text() {
    return reason;
  }
}
