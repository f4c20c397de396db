package dev.latchkey.command;

import dev.latchkey.database.Migrations;
import dev.latchkey.database.SchemaInstallation;
import dev.latchkey.database.SchemaState;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The SQL half from the terminal: what is there, what would run, and running it. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = "Latchkey's SQL half in a database.")
public final class SchemaCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "One of check, print and install is missing.");
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Says what the database has and what install would do. Changes nothing.")
  int check(@Mixin ConnectionOptions connection) {
    try (SchemaInstallation installation = connection.installation()) {
      boolean allowed = installation.allowed();
      SchemaState state = installation.found();
      say(TextTable.plain(state.sentence()));
      say(TextTable.plain(state.plan()));
      if (state.installs()) {
        say(
            allowed
                ? "This role may install."
                : "This role may not install: it needs CREATEROLE and CREATE on the database.");
      }
    }
    return 0;
  }

  @Command(
      name = "print",
      mixinStandardHelpOptions = true,
      description = "Prints the SQL, for psql -v ON_ERROR_STOP=1 -1 -f. Connects to nothing.")
  int print() {
    say(Migrations.script());
    return 0;
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
        say(TextTable.plain(installation.found().sentence()));
        return 0;
      }
      if (!(before instanceof SchemaState.Current)) {
        spec.commandLine()
            .getErr()
            .println("latchkey: " + TextTable.plain(before.sentence() + " " + before.plan()));
        spec.commandLine().getErr().flush();
        return 1;
      }
      say(TextTable.plain(before.sentence() + " " + before.plan()));
    }
    return 0;
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
