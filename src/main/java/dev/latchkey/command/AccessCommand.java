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
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Temporary access from the terminal, by the same functions as the window. */
@Command(
    name = "access",
    mixinStandardHelpOptions = true,
    description = "Temporary access: who may enter as which role, until when.")
public final class AccessCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "One of grant, extend, revoke, freeze and list is missing.");
  }

  @Command(
      name = "grant",
      mixinStandardHelpOptions = true,
      description = "Lets a member sign in as a role for a limited time.")
  int grant(
      @Mixin ConnectionOptions connection,
      @Option(
              names = "--member",
              required = true,
              paramLabel = "MEMBER",
              description = "Who: an e-mail address or a user id.")
          String member,
      @Option(names = "--role", required = true, paramLabel = "ROLE", description = "As whom.")
          String role,
      @Option(
              names = "--until",
              required = true,
              paramLabel = "TIME",
              converter = Until.class,
              description = "8h, 7d, or an instant with its zone.")
          Instant until,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              converter = Until.class,
              description = "When it begins, in the same form; now without it.")
          Optional<Instant> from,
      @Option(
              names = "--network",
              paramLabel = "CIDR",
              converter = Network.Converter.class,
              description =
                  "From where; may be repeated. Without it from anywhere, if the policy allows that.")
          List<Network> networks,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
          Optional<String> reason,
      @Option(names = "--json", description = "Print the grant as one line of JSON.") boolean json,
      @Option(names = "--dry-run", description = "Print the exact call instead of running it.")
          boolean dryRun) {
    return run(
        connection,
        dryRun,
        json,
        database ->
            Call.to("latchkey.grant_access")
                .uuid("p_user_id", new PostgresAccessRows(database).member(member))
                .text("p_role", role)
                .instant("p_expires_at", Optional.of(until))
                .instant("p_starts_at", from)
                .value(
                    "p_allowed_cidrs", "cidr[]", Optional.ofNullable(networks).map(Network::array))
                .text("p_reason", reason),
        grant ->
            "Granted %s to %s until %s: %s."
                .formatted(
                    text(grant, "role"),
                    text(grant, "email"),
                    text(grant, "expires_at"),
                    text(grant, "id")));
  }

  @Command(
      name = "extend",
      mixinStandardHelpOptions = true,
      description = "Moves the end of a grant to a later time.")
  int extend(
      @Mixin ConnectionOptions connection,
      @Parameters(
              paramLabel = "GRANT-ID",
              converter = Id.class,
              description = "Its id, as list shows it.")
          UUID id,
      @Option(
              names = "--until",
              required = true,
              paramLabel = "TIME",
              converter = Until.class,
              description = "8h, 7d, or an instant with its zone.")
          Instant until,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
          Optional<String> reason,
      @Option(names = "--json", description = "Print the grant as one line of JSON.") boolean json,
      @Option(names = "--dry-run", description = "Print the exact call instead of running it.")
          boolean dryRun) {
    return run(
        connection,
        dryRun,
        json,
        _ ->
            Call.to("latchkey.extend_grant")
                .uuid("p_grant_id", id)
                .instant("p_expires_at", Optional.of(until))
                .text("p_reason", reason),
        grant ->
            "Extended %s of %s until %s."
                .formatted(text(grant, "role"), text(grant, "email"), text(grant, "expires_at")));
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Revokes a grant and ends its sessions at once.")
  int revoke(
      @Mixin ConnectionOptions connection,
      @Parameters(
              paramLabel = "GRANT-ID",
              converter = Id.class,
              description = "Its id, as list shows it.")
          UUID id,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
          Optional<String> reason,
      @Option(names = "--json", description = "Print the grant as one line of JSON.") boolean json,
      @Option(names = "--dry-run", description = "Print the exact call instead of running it.")
          boolean dryRun) {
    return run(
        connection,
        dryRun,
        json,
        _ -> Call.to("latchkey.revoke_grant").uuid("p_grant_id", id).text("p_reason", reason),
        grant ->
            "Revoked %s of %s; %s of its sessions are left."
                .formatted(
                    text(grant, "role"), text(grant, "email"), text(grant, "session_count")));
  }

  @Command(
      name = "freeze",
      mixinStandardHelpOptions = true,
      description = "Blocks a member, revokes his grants and tokens and ends his sessions at once.")
  int freeze(
      @Mixin ConnectionOptions connection,
      @Parameters(paramLabel = "MEMBER", description = "An e-mail address or a user id.")
          String member,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
          Optional<String> reason,
      @Option(names = "--json", description = "Print the member as one line of JSON.") boolean json,
      @Option(names = "--dry-run", description = "Print the exact call instead of running it.")
          boolean dryRun) {
    return run(
        connection,
        dryRun,
        json,
        database ->
            Call.to("latchkey.freeze_member")
                .uuid("p_user_id", new PostgresAccessRows(database).member(member))
                .text("p_reason", reason),
        frozen ->
            "Froze %s; %s of the sessions are left."
                .formatted(text(frozen, "email"), text(frozen, "session_count")));
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the grants that are scheduled or live.")
  int list(
      @Mixin ConnectionOptions connection,
      @Option(names = "--all", description = "Expired and revoked ones too.") boolean all,
      @Option(names = "--json", description = "Print one line of JSON for each.") boolean json) {
    try (Database database = connection.signIn().database()) {
      say(text(new PostgresAccessRows(database).grants(all), json));
    }
    return 0;
  }

  /** Rows as a table, or one line of JSON for each. */
  static String text(List<JsonNode> rows, boolean json) {
    return json
        ? rows.stream().map(JsonNode::toString).collect(Collectors.joining(System.lineSeparator()))
        : TextTable.of(rows);
  }

  private int run(
      ConnectionOptions connection,
      boolean dryRun,
      boolean json,
      Function<Database, Call> call,
      Function<JsonNode, String> sentence) {
    Session session = connection.signIn();
    try (Database database = session.database()) {
      new Terminal(session, dryRun, spec.commandLine().getOut())
          .run(call.apply(database))
          .ifPresent(answer -> say(json ? answer.toString() : sentence.apply(answer)));
    }
    return 0;
  }

  private static String text(JsonNode row, String field) {
    return row.path(field).isNull() ? "further notice" : TextTable.plain(row.path(field).asText());
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    if (!text.isEmpty()) {
      out.println(text);
    }
    out.flush();
  }
}
