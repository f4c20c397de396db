package dev.latchkey.command;

import dev.latchkey.database.Migrations;
import dev.latchkey.database.SchemaInstallation;
import dev.latchkey.database.SchemaState;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
                : "This role may not install: it needs CREATEROLE, CREATE on the database, and to own the schemas of Latchkey that are there.");
      }
    }
    return ExitCode.OK;
  }

  @Command(
      name = "print",
      mixinStandardHelpOptions = true,
      description = "Prints the SQL, for psql -v ON_ERROR_STOP=1 -1 -f. Connects to nothing.")
  int print(
      @Option(
              names = "--uninstall",
              description =
                  "Prints what takes it away instead: by itself it only says what it would drop.")
          boolean uninstall) {
    output().say(uninstall ? Migrations.removal() : Migrations.script());
    return ExitCode.OK;
  }

  @Command(
      name = "install",
      mixinStandardHelpOptions = true,
      description = "Installs, upgrades or mends it. Changes nothing where it is up to date.")
  int install(
      @Mixin ConnectionOptions connection,
      @Option(
              names = "--make-empty-tables",
              description =
                  "For scripts: makes tables that are gone again, without what they held. In a terminal it is asked for.")
          boolean makeEmptyTables) {
    try (SchemaInstallation installation = connection.installation()) {
      installation.allowed();
      SchemaState before = installation.found();
      if (before.installs()) {
        return install(installation, before, makeEmptyTables);
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

  private int install(
      SchemaInstallation installation, SchemaState before, boolean makeEmptyTables) {
    if (!before.comeBackEmpty().isEmpty()) {
      output().tell(TextTable.plain(before.sentence() + " " + before.plan()));
      if (!makeEmptyTables && !agrees()) {
        return ExitCode.SOFTWARE;
      }
    }
    installation.install(before.comeBackEmpty());
    say(installation.found().sentence());
    return ExitCode.OK;
  }

  private boolean agrees() {
    if (!Keyboard.isThere()) {
      output().advise("Nothing was changed. To have them back empty, give --make-empty-tables.");
      return false;
    }
    if (Keyboard.line("Type empty to go on: ").equals("empty")) {
      return true;
    }
    output().advise("Nothing was changed.");
    return false;
  }

  private void say(String text) {
    output().say(TextTable.plain(text));
  }
}
