package dev.latchkey.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Environment;
import dev.latchkey.change.WriteMode;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.TestClock;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import dev.latchkey.widget.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FrameViewModelTest {
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private static final String ROLE = "frame_operator";
  private static final Instant NOW = Instant.parse("2026-11-22T14:18:02Z");

  private final TestClock clock = new TestClock(NOW);
  private final DirectTasks tasks = new DirectTasks();
  private final SignIn signIn = new SignIn();
  private final FrameViewModel model = new FrameViewModel(signIn, tasks, Runnable::run, clock);
  private TestDoor door;

  @BeforeEach
  void role() {
    door = TestDoor.to(database);
    database.sql().execute("create role " + ROLE + " login in role latchkey_operator");
  }

  @AfterEach
  void noRole() {
    model.signOut();
    door.close();
    database
        .sql()
        .execute(
            "select pg_terminate_backend(pid, 2000) from pg_stat_activity where usename = ?", ROLE);
    database.sql().execute("drop role " + ROLE);
  }

  @Test
  void whenTheServerEndsAccessTheScreensStayAndAFreshTokenGoesOn() {
    Work before = enter(Environment.STAGING);
    endAccess(before.session());
    assertThat(model.endedProperty().get()).isTrue();
    assertThat(model.writingProperty().get()).isFalse();
    assertThat(model.writeObstacle()).contains("Your access has ended.");
    assertThat(model.messageProperty().get().tone()).isEqualTo(Tone.DANGER);
    assertThat(model.workProperty().get().map(Work::screens)).contains(before.screens());

    List<Failure> failures = new ArrayList<>();
    List<String> done = new ArrayList<>();
    model.renew(
        Secret.of("still refused"), () -> done.add("done"), (failure, _) -> failures.add(failure));
    assertThat(failures).singleElement().isInstanceOf(DatabaseFailure.SignInRefused.class);
    assertThat(model.endedProperty().get()).isTrue();

    database.sql().execute("alter role " + ROLE + " login");
    model.renew(Secret.of("fresh"), () -> done.add("done"), (failure, _) -> failures.add(failure));
    assertThat(done).hasSize(1);
    assertThat(model.endedProperty().get()).isFalse();
    assertThat(model.writingProperty().get()).isTrue();
    assertThat(model.workProperty().get().map(Work::screens)).contains(before.screens());
    assertThat(model.workProperty().get().orElseThrow().session().database())
        .isSameAs(before.session().database());
  }

  @Test
  void anEndAfterSignOutIsNobodysBusiness() {
    Work left = enter(Environment.STAGING);
    model.signOut();
    assertThat(model.workProperty().get()).isEmpty();
    assertThat(model.placeProperty().get()).isEqualTo(Place.CONNECT);
    left.session().database().signIn(Secret.of("again"));
    endAccess(left.session());
    assertThat(model.endedProperty().get()).isFalse();
  }

  @Test
  void productionIsReadOnlyUntilAskedAndAgainWhenTheTimeIsUp() {
    enter(Environment.PRODUCTION);
    assertThat(model.writingProperty().get()).isFalse();
    model.startWriting(Duration.ofMinutes(15));
    assertThat(model.writingProperty().get()).isTrue();
    for (int minute = 1; minute <= 14; minute++) {
      clock.advance(Duration.ofMinutes(1));
      model.input();
      tasks.elapse();
    }
    assertThat(model.writeTimeLeftProperty().get()).contains(Duration.ofMinutes(1));
    clock.advance(Duration.ofMinutes(1));
    tasks.elapse();
    assertThat(model.writingProperty().get()).isFalse();
    assertThat(model.messageProperty().get().text()).isEqualTo("Write mode has ended");
  }

  @Test
  void writingOnProductionEndsWithoutInput() {
    enter(Environment.PRODUCTION);
    model.startWriting(Duration.ofMinutes(60));
    clock.advance(FrameViewModel.IDLE.minusSeconds(1));
    tasks.elapse();
    assertThat(model.writingProperty().get()).isTrue();
    clock.advance(Duration.ofSeconds(1));
    tasks.elapse();
    assertThat(model.writingProperty().get()).isFalse();
  }

  @Test
  void elsewhereWritingIsOnUntilTurnedOff() {
    enter(Environment.DEVELOPMENT);
    assertThat(model.writingProperty().get()).isTrue();
    clock.advance(Duration.ofDays(1));
    tasks.elapse();
    assertThat(model.writingProperty().get()).isTrue();
    model.stopWriting();
    assertThat(model.writingProperty().get()).isFalse();
    model.startWriting(Duration.ZERO);
    assertThat(model.writingProperty().get()).isTrue();
  }

  @Test
  void whoHasNoEndHasNoCountdown() {
    enter(Environment.STAGING);
    assertThat(model.countdownProperty().get()).isEmpty();
  }

  @Test
  void theCountdownSaysHowLongAndHowUrgent() {
    Instant end = NOW.plus(Duration.ofHours(6));
    assertThat(Countdown.of(NOW, NOW.plusSeconds(1), end).text())
        .isEqualTo("access ends in 5 h 59 min");
    assertThat(Countdown.of(NOW, end.minusSeconds(42 * 60), end).text())
        .isEqualTo("access ends in 42 min");
    assertThat(Countdown.of(NOW, end.minusSeconds(600), end).tone()).isEqualTo(Tone.WARNING);
    assertThat(Countdown.of(NOW, end.minusSeconds(601), end).tone()).isEqualTo(Tone.SUCCESS);
    assertThat(Countdown.of(NOW, end.minusSeconds(120), end).tone()).isEqualTo(Tone.DANGER);
    assertThat(Countdown.of(NOW, end.plusSeconds(5), end).isOver()).isTrue();
    assertThat(Countdown.of(NOW, NOW.plus(Duration.ofHours(3)), end).fraction()).isEqualTo(0.5);
  }

  private Work enter(Environment environment) {
    Session session = signIn.into(door.endpoint(database, ROLE), environment, Secret.of("any"));
    Work work = new Work(session, WriteMode.in(environment, clock), Map.of());
    model.enter(work);
    assertThat(model.workProperty().get()).isEqualTo(Optional.of(work));
    return work;
  }

  /** As the gate does it: sessions end, and the next sign-in is refused. */
  private static void endAccess(Session session) {
    database.sql().execute("alter role " + ROLE + " nologin");
    database
        .sql()
        .execute(
            "select pg_terminate_backend(pid, 2000) from pg_stat_activity where usename = ?", ROLE);
    for (int attempt = 0; attempt < 8 && session.database().ended().isEmpty(); attempt++) {
      Assertions.catchThrowableOfType(
          FailureException.class,
          () -> session.database().read(handle -> handle.execute("select 1")));
    }
  }
}
