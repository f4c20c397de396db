package dev.latchkey.command;

import picocli.CommandLine.Option;

/** What a list has, and how it is printed. */
final class ListOptions {
  @Option(names = "--all", description = "Expired and revoked ones too.")
  private boolean all;

  @Option(names = "--json", description = "Print one line of JSON for each.")
  private boolean json;

  boolean all() {
    return all;
  }

  boolean json() {
    return json;
  }
}
