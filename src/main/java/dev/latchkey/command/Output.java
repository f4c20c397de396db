package dev.latchkey.command;

import java.io.PrintWriter;
import picocli.CommandLine;

/** Where a command's answers and messages go. */
record Output(PrintWriter answers, PrintWriter messages) {
  static Output of(CommandLine line) {
    return new Output(line.getOut(), line.getErr());
  }

  /** An answer on lines of its own; an empty one is no line. */
  void say(String answer) {
    print(answers, answer);
  }

  /** A message, which is no answer and so does not get into a script's variable. */
  void tell(String message) {
    print(messages, "latchkey: " + message);
  }

  /** What to do about the message before it. */
  void advise(String nextStep) {
    print(messages, nextStep.isBlank() ? "" : "          " + nextStep);
  }

  private static void print(PrintWriter to, String text) {
    if (!text.isEmpty()) {
      to.println(text);
    }
    to.flush();
  }
}
