package dev.latchkey.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.access.NewGrant;
import dev.latchkey.change.Subject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Temporary access from the terminal, by the same functions as the window. */
@Command(
    name = "access",
    mixinStandardHelpOptions = true,
    description = "Temporary access: who may enter as which role, until when.")
public final class AccessCommand extends CommandGroup {
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
      @Mixin UntilOption until,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              converter = Until.class,
              description = "When it begins, in the same form; now without it.")
          Optional<Instant> from,
      @Mixin NetworkOption networks,
      @Mixin ReasonOption reason,
      @Mixin ChangeOptions how) {
    return new Terminal(connection, output())
        .change(
            how,
            requests ->
                requests
                    .calls()
                    .grant(
                        new NewGrant(
                            requests.member(member),
                            role,
                            from,
                            until.end(),
                            networks.cidrs(),
                            reason.text())),
            (done, grant) ->
                "%s (%s) until %s: %s."
                    .formatted(
                        done, text(grant, "email"), text(grant, "expires_at"), text(grant, "id")));
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
      @Mixin UntilOption until,
      @Mixin ReasonOption reason,
      @Mixin ChangeOptions how) {
    return new Terminal(connection, output())
        .change(
            how,
            requests ->
                requests
                    .calls()
                    .extend(requests.grant(id), until.end().orElseThrow(), reason.text()),
            (done, grant) ->
                "%s (%s) until %s."
                    .formatted(done, text(grant, "email"), text(grant, "expires_at")));
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
      @Mixin ReasonOption reason,
      @Mixin ChangeOptions how) {
    return new Terminal(connection, output())
        .end(
            how,
            requests -> requests.calls().revoke(requests.grant(id), reason.text()),
            _ -> new Subject.OfGrant(id));
  }

  @Command(
      name = "freeze",
      mixinStandardHelpOptions = true,
      description = "Blocks a member, revokes his grants and tokens and ends his sessions at once.")
  int freeze(
      @Mixin ConnectionOptions connection,
      @Parameters(paramLabel = "MEMBER", description = "An e-mail address or a user id.")
          String member,
      @Mixin ReasonOption reason,
      @Mixin ChangeOptions how) {
    return new Terminal(connection, output())
        .end(
            how,
            requests -> requests.calls().freeze(requests.member(member), reason.text()),
            row -> new Subject.OfMember(UUID.fromString(row.path("user_id").asText())));
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the grants that are scheduled or live.")
  int list(@Mixin ConnectionOptions connection, @Mixin ListOptions how) {
    return new Terminal(connection, output()).list(how, lists -> lists.grants(how.all()));
  }

  @Command(
      name = "findings",
      mixinStandardHelpOptions = true,
      description = {
        "Lists what should not be as it is, each with the SQL that mends it.",
        "That is: passwords and settings that people left in granted roles, sessions there",
        "without a login, operators who share a role, rights that Latchkey lacks."
      })
  int findings(
      @Mixin ConnectionOptions connection,
      @Option(names = "--json", description = "Print one line of JSON for each.") boolean json) {
    return new Terminal(connection, output()).list(json, PostgresLists::findings);
  }

  private static String text(JsonNode row, String field) {
    return row.path(field).isNull() ? "further notice" : TextTable.plain(row.path(field).asText());
  }
}
