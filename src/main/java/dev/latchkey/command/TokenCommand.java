package dev.latchkey.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.database.Call;
import dev.latchkey.database.Database;
import dev.latchkey.database.Session;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Access tokens from the terminal, by the same functions as the window. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Access tokens: what members use as the password of a connection.")
public final class TokenCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "One of create, list and revoke is missing.");
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Makes a token and prints it, this once, alone on its line.")
  int create(
      @Mixin ConnectionOptions connection,
      @Option(
              names = "--member",
              required = true,
              paramLabel = "MEMBER",
              description = "Whose: an e-mail address or a user id.")
          String member,
      @Option(
              names = "--name",
              required = true,
              paramLabel = "NAME",
              description = "What for, such as the machine it lives on.")
          String name,
      @Option(
              names = "--until",
              required = true,
              paramLabel = "TIME",
              converter = Until.class,
              description = "8h, 7d, or an instant with its zone.")
          Instant until,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              description = "Narrow it to this role; may be repeated.")
          List<String> roles,
      @Option(
              names = "--network",
              paramLabel = "CIDR",
              converter = Network.Converter.class,
              description = "Narrow it to this network; may be repeated.")
          List<Network> networks,
      @Option(names = "--json", description = "Print the whole answer as one line of JSON.")
          boolean json,
      @Option(names = "--dry-run", description = "Print the exact call instead of running it.")
          boolean dryRun) {
    Session session = connection.signIn();
    try (Database database = session.database()) {
      Call call =
          Call.to("latchkey.create_access_token")
              .uuid("p_user_id", new PostgresAccessRows(database).member(member))
              .text("p_name", name)
              .instant("p_expires_at", Optional.of(until))
              .value("p_roles", "text[]", Optional.ofNullable(roles).map(TokenCommand::array))
              .value(
                  "p_allowed_cidrs", "cidr[]", Optional.ofNullable(networks).map(Network::array));
      new Terminal(session, dryRun, out())
          .run(call)
          .ifPresent(made -> say(json ? made.toString() : made.path("token").asText()));
    }
    return 0;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the tokens that can be used.")
  int list(
      @Mixin ConnectionOptions connection,
      @Option(names = "--all", description = "Expired and revoked ones too.") boolean all,
      @Option(names = "--json", description = "Print one line of JSON for each.") boolean json) {
    try (Database database = connection.signIn().database()) {
      say(AccessCommand.text(new PostgresAccessRows(database).tokens(all), json));
    }
    return 0;
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Revokes a token and ends the sessions that it opened.")
  int revoke(
      @Mixin ConnectionOptions connection,
      @Parameters(
              paramLabel = "TOKEN-ID",
              converter = Id.class,
              description = "Its id, as list shows it.")
          UUID id,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
          Optional<String> reason,
      @Option(names = "--json", description = "Print the token as it now is as one line of JSON.")
          boolean json,
      @Option(names = "--dry-run", description = "Print the exact call instead of running it.")
          boolean dryRun) {
    Session session = connection.signIn();
    try {
      new Terminal(session, dryRun, out())
          .run(
              Call.to("latchkey.revoke_access_token")
                  .uuid("p_token_id", id)
                  .text("p_reason", reason))
          .ifPresent(
              token ->
                  say(
                      json
                          ? token.toString()
                          : "Revoked %s of %s."
                              .formatted(text(token, "name"), text(token, "email"))));
    } finally {
      session.database().close();
    }
    return 0;
  }

  /** As a literal of type {@code text[]}. */
  static String array(List<String> texts) {
    return texts.stream()
        .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String text(JsonNode row, String field) {
    return TextTable.plain(row.path(field).asText());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void say(String text) {
    if (!text.isEmpty()) {
      out().println(text);
    }
    out().flush();
  }
}
