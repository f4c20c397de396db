package dev.latchkey.command;

import dev.latchkey.access.NewToken;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Access tokens from the terminal, by the same functions as the window. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Access tokens: what members use as the password of a connection.")
public final class TokenCommand extends CommandGroup {
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
      @Mixin UntilOption until,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              description = "Narrow it to this role; may be repeated.")
          List<String> roles,
      @Mixin NetworkOption networks,
      @Mixin ChangeOptions how) {
    return new Terminal(connection, output())
        .change(
            how,
            requests ->
                requests
                    .calls()
                    .createToken(
                        new NewToken(
                            requests.member(member),
                            name,
                            until.end(),
                            Optional.ofNullable(roles).orElse(List.of()),
                            networks.cidrs())),
            (_, made) -> TextTable.plain(made.path("token").asText()));
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the tokens that can be used.")
  int list(@Mixin ConnectionOptions connection, @Mixin ListOptions how) {
    return new Terminal(connection, output()).list(how, lists -> lists.tokens(how.all()));
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
      @Mixin ReasonOption reason,
      @Mixin ChangeOptions how) {
    return new Terminal(connection, output())
        .change(
            how,
            requests -> requests.calls().revokeToken(requests.token(id), reason.text()),
            (done, token) ->
                "%s (%s).".formatted(done, TextTable.plain(token.path("email").asText())));
  }
}
