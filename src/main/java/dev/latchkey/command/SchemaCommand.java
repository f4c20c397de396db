package dev.latchkey.command;

import dev.latchkey.database.Migrations;
import dev.latchkey.database.SchemaInstallation;
import dev.latchkey.database.SchemaState;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** The SQL half from the terminal: what is there, what would run, and running it. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = "Latchkey's SQL half in a database.")
public final class SchemaCommand extends CommandGroup {
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Says what the database has and what install would do. Changes nothing.")
  int check(@Mixin ConnectionOptions connection) {
    try (SchemaInstallation installation = connection.installation()) {
      boolean allowed = installation.allowed();
      SchemaState state = installation.found();
      say(state.sentence());
      say(state.plan());
      if (state.installs()) {
        say(
            allowed
                ? "This role may install."
                : "This role may not install: it needs CREATEROLE and CREATE on the database.");
      }
    }
    return ExitCode.OK;
  }

  @Command(
      name = "print",
      mixinStandardHelpOptions = true,
      description = "Prints the SQL, for psql -v ON_ERROR_STOP=1 -1 -f. Connects to nothing.")
  int print() {
    output().say(Migrations.script());
    return ExitCode.OK;
  }

  @Command(
      name = "install",
      mixinStandardHelpOptions = true,
      description = "Installs or upgrades it. Changes nothing where it is up to date.")
  int install(@Mixin ConnectionOptions connection) {
    try (SchemaInstallation installation = connection.installation()) {
      installation.allowed();
      SchemaState before = installation.found();
      if (before.installs()) {
        installation.install();
        say(installation.found().sentence());
        return ExitCode.OK;
      }
      String found = TextTable.plain(before.sentence() + " " + before.plan());
      if (before instanceof SchemaState.Current) {
        output().say(found);
        return ExitCode.OK;
      }
      output().tell(found);
      return ExitCode.SOFTWARE;
    }
  }

  private void say(String text) {
    output().say(TextTable.plain(text));
  }
}
