package dev.latchkey.command;

import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Option;

/** When something ends. */
final class UntilOption {
  @Option(
      names = "--until",
      required = true,
      paramLabel = "TIME",
      converter = Until.class,
      description = "8h, 7d, or an instant with its zone.")
  private Instant until;

  Optional<Instant> end() {
    return Optional.of(until);
  }
}
