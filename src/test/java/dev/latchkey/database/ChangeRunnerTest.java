package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Change;
import dev.latchkey.change.ChangeFailure;
import dev.latchkey.change.ChangeRunner;
import dev.latchkey.change.Environment;
import dev.latchkey.change.SafetyCheck;
import dev.latchkey.change.Takes;
import dev.latchkey.change.WriteMode;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ChangeRunnerTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC);

  private final List<String> shown = new ArrayList<>();
  private final List<String> reported = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<Integer> results = new ArrayList<>();
  private final WriteMode writeMode = WriteMode.in(Environment.SANDBOX, NOON);
  private SafetyCheck.Verdict verdict = SafetyCheck.Verdict.CLEAR;
  private boolean agrees = true;
  private TestDoor door;
  private Database database;
  private ChangeRunner runner;

  @BeforeEach
  void open() {
    SERVER.sql().execute("drop table if exists public.made");
    SERVER.sql().execute("create table public.made (number integer)");
    SERVER
        .sql()
        .execute(
            """
            create or replace function public.make(p_number integer) returns integer
            language sql as $$ insert into public.made values (p_number) returning number $$
            """);
    door = TestDoor.to(SERVER);
    database = new Database(door.endpoint(SERVER, "postgres"));
    database.signIn(Secret.of("any"));
    runner =
        new ChangeRunner(
            database.door(),
            writeMode,
            this::review,
            List.of(_ -> verdict),
            new DirectTasks(),
            reported::add);
  }

  @AfterEach
  void close() {
    database.close();
    door.close();
  }

  @Test
  void showsTheVeryCallThatRunsThenMakesItAndReports() {
    runner.reviewAndRun(make(7), results::add, failures::add);

    assertThat(shown).containsExactly(make(7).request().preview());
    assertThat(made()).isEqualTo("7");
    assertThat(results).containsExactly(7);
    assertThat(reported).containsExactly("Made a number");
    assertThat(failures).isEmpty();
  }

  @Test
  void doesNothingUnlessTheOperatorAgrees() {
    agrees = false;

    runner.reviewAndRun(make(7), results::add, failures::add);

    assertThat(made()).isNull();
    assertThat(results).isEmpty();
    assertThat(failures).isEmpty();
  }

  @Test
  void refusesWithoutAskingWhatWouldLockTheOperatorOut() {
    verdict = new SafetyCheck.Verdict.Refused("This is your own grant.");

    runner.reviewAndRun(make(7), results::add, failures::add);
    runner.run(make(7), results::add, failures::add);

    assertThat(shown).isEmpty();
    assertThat(made()).isNull();
    assertThat(failures)
        .hasSize(2)
        .allMatch(failure -> failure.sentence().equals("This is your own grant."));
  }

  @Test
  void doesNotRunWithoutTheNameThatHasToBeTyped() {
    verdict = new SafetyCheck.Verdict.NeedsName("Your access ends.", "reader");

    runner.run(make(7), results::add, failures::add);

    assertThat(made()).isNull();
    assertThat(failures)
        .singleElement()
        .extracting(Failure::sentence)
        .isEqualTo("Your access ends.");
  }

  @Test
  void refusesWhileReadOnly() {
    writeMode.turnOff();

    runner.run(make(7), results::add, failures::add);

    assertThat(made()).isNull();
    assertThat(failures).containsExactly(new ChangeFailure.ReadOnly());
  }

  @Test
  void saysThatAChangeWasMadeAlsoWhenItCannotBeReadAgain() {
    Change<Integer> change =
        new Change<>(
            "Make a number",
            "Make",
            "Made a number",
            Takes.NOTHING,
            make(7).request(),
            _ -> {
              throw new FailureException(new DatabaseFailure.ConnectionLost("here", ""));
            });

    runner.run(change, results::add, failures::add);

    assertThat(made()).isEqualTo("7");
    assertThat(failures)
        .singleElement()
        .extracting(Failure::sentence)
        .isEqualTo("Made a number, but it could not be read again.");
  }

  @Test
  void productionOpensReadOnlyAndWriteModeEndsByItself() {
    WriteMode production = WriteMode.in(Environment.PRODUCTION, NOON);
    assertThat(production.isOn()).isFalse();

    production.turnOn(Duration.ofMinutes(15));
    assertThat(production.isOn()).isTrue();
    assertThat(production.endsAt()).contains(NOON.instant().plus(Duration.ofMinutes(15)));

    production.turnOn(Duration.ZERO);
    assertThat(production.isOn()).isFalse();
    assertThat(production.endsAt()).isEmpty();
  }

  private void review(Change<?> change, Runnable approved) {
    shown.add(change.request().preview());
    if (agrees) {
      approved.run();
    }
  }

  private static Change<Integer> make(int number) {
    return new Change<>(
        "Make a number",
        "Make",
        "Made a number",
        Takes.NOTHING,
        Call.to("public.make").integer("p_number", number),
        answer -> answer.asInt());
  }

  private static String made() {
    return SERVER.sql().text("select string_agg(number::text, ',') from public.made");
  }
}
