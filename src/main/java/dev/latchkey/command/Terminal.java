package dev.latchkey.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.access.AccessCalls;
import dev.latchkey.access.AccessChoices;
import dev.latchkey.access.EndProof;
import dev.latchkey.access.Ended;
import dev.latchkey.access.OwnAccessCheck;
import dev.latchkey.access.PostgresAccess;
import dev.latchkey.change.Change;
import dev.latchkey.change.ChangeFailure;
import dev.latchkey.change.ChangeReview;
import dev.latchkey.change.ChangeRunner;
import dev.latchkey.change.SafetyCheck;
import dev.latchkey.change.Subject;
import dev.latchkey.change.WriteMode;
import dev.latchkey.database.Database;
import dev.latchkey.database.Session;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ExitCode;

/**
 * Temporary access from the terminal, by the way that the window goes: the same calls, the same
 * check that one keeps one's own access, the same messages.
 */
final class Terminal {
  private final ConnectionOptions connection;
  private final Output output;

  Terminal(ConnectionOptions connection, Output output) {
    this.connection = connection;
    this.output = output;
  }

  /** Prints rows as a table, or one line of JSON for each. */
  int list(ListOptions how, Function<PostgresLists, List<JsonNode>> wanted) {
    return list(how.json(), wanted);
  }

  /** Prints rows as a table, or one line of JSON for each. */
  int list(boolean asJson, Function<PostgresLists, List<JsonNode>> wanted) {
    try (Database database = connection.signIn().database()) {
      List<JsonNode> rows = wanted.apply(new PostgresLists(database));
      output.say(
          asJson
              ? rows.stream()
                  .map(row -> TextTable.plainJson(row.toString()))
                  .collect(Collectors.joining(System.lineSeparator()))
              : TextTable.of(rows));
    }
    return ExitCode.OK;
  }

  /**
   * Makes a change in one transaction.
   *
   * @param sentence what is said of it, from what the window says of it and the call's answer
   */
  int change(
      ChangeOptions how,
      Function<Requests, Change<?>> wanted,
      BiFunction<String, JsonNode, String> sentence) {
    return run(how, wanted, sentence, _ -> _ -> "");
  }

  /**
   * Makes a change that ends sessions, and says what the server proved of it: also that it proved
   * nothing.
   */
  int end(
      ChangeOptions how,
      Function<Requests, Change<Ended>> wanted,
      Function<JsonNode, Subject> whose) {
    return run(
        how,
        wanted::apply,
        (done, row) -> "%s (%s)".formatted(done, TextTable.plain(row.path("email").asText())),
        source -> row -> proof(source, whose.apply(row)));
  }

  private static String proof(AccessChoices source, Subject subject) {
    try {
      return source
          .proof(subject)
          .map(Terminal::told)
          .orElse("; nothing is known of its sessions.");
    } catch (FailureException ownSessionIsOver) {
      return "; what became of its sessions is in the audit event.";
    }
  }

  private static String told(EndProof proof) {
    return Stream.concat(Stream.of(": " + proof.sentence() + "."), proof.found().stream())
        .map(TextTable::plain)
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private int run(
      ChangeOptions how,
      Function<Requests, Change<?>> wanted,
      BiFunction<String, JsonNode, String> sentence,
      Function<AccessChoices, Function<JsonNode, String>> more) {
    Session session = connection.signIn();
    try (Database database = session.database()) {
      database.onDisturbed(disturbance -> output.tell(TextTable.plain(disturbance.sentence())));
      var source = new PostgresAccess(database);
      Change<?> change =
          wanted.apply(
              new Requests(new AccessCalls(source, source), source, new PostgresLists(database)));
      new ChangeRunner(
              database.door(),
              WriteMode.in(session.environment(), Clock.systemUTC()),
              new Review(how),
              List.of(new OwnAccessCheck(source, source)),
              new HereAndNow(),
              _ -> {})
          .reviewAndRun(
              answered(change),
              answer ->
                  output.say(
                      how.json()
                          ? TextTable.plainJson(answer.toString())
                          : sentence.apply(TextTable.plain(change.done()), answer)
                              + more.apply(source).apply(answer)),
              failure -> {
                throw new FailureException(failure);
              });
    }
    return ExitCode.OK;
  }

  /** The same change, with the call's own answer: an own session may be over by then. */
  private static Change<JsonNode> answered(Change<?> change) {
    return new Change<>(
        change.summary(),
        change.verb(),
        change.done(),
        change.takes(),
        change.request(),
        answer -> answer);
  }

  /** Whoever wrote the command has seen it; only his own access has to be named. */
  private final class Review implements ChangeReview {
    private final ChangeOptions how;

    Review(ChangeOptions how) {
      this.how = how;
    }

    @Override
    public void ask(Change<?> change, Runnable approved) {
      if (how.dryRun()) {
        output.say(change.request().preview() + ";");
      } else {
        approved.run();
      }
    }

    @Override
    public void insist(
        Change<?> change, SafetyCheck.Verdict.NeedsName why, Runnable approved, Runnable declined) {
      if (how.dryRun()) {
        output.tell(TextTable.plain(why.sentence()));
        approved.run();
        return;
      }
      boolean asks = how.endOwnAccess().isEmpty() && Keyboard.isThere();
      String named = asks ? ask(why) : how.endOwnAccess().orElse("");
      if (named.equals(why.name())) {
        approved.run();
      } else if (asks) {
        declined.run();
      } else {
        throw new FailureException(
            new ChangeFailure.WouldLockOut(
                why.sentence(),
                "Nothing was changed. To do it all the same, give --end-own-access and the name: "
                    + why.name()));
      }
    }

    private String ask(SafetyCheck.Verdict.NeedsName why) {
      output.tell(TextTable.plain(why.sentence()));
      return Keyboard.line("Type %s to go on: ".formatted(TextTable.plain(why.name())));
    }
  }

  /** A command has nothing else to do meanwhile. */
  private static final class HereAndNow implements Tasks {
    @Override
    public <T> Job start(
        String name, Callable<T> work, Consumer<T> onSuccess, Consumer<Throwable> onFailure) {
      T result;
      try {
        result = work.call();
      } catch (Exception failure) {
        onFailure.accept(failure);
        return () -> {};
      }
      onSuccess.accept(result);
      return () -> {};
    }

    @Override
    public Job later(long millis, Runnable action) {
      throw new UnsupportedOperationException("a command has no timers");
    }
  }
}
