package dev.latchkey.command;

import dev.latchkey.token.Secret;
import java.util.Optional;

/** What somebody types who sits at the terminal. A script, a pipe and a file do not. */
final class Keyboard {
  private Keyboard() {}

  static boolean isThere() {
    return System.console() != null && System.console().isTerminal();
  }

  /** Typed without being shown; empty at the end of the input. The caller closes it. */
  static Secret secret(String prompt) {
    return Optional.ofNullable(System.console().readPassword("%s", prompt))
        .map(Secret::of)
        .orElseGet(Secret::none);
  }

  /** A line, without the blanks around it. */
  static String line(String prompt) {
    return Optional.ofNullable(System.console().readLine("%s", prompt)).orElse("").strip();
  }
}
