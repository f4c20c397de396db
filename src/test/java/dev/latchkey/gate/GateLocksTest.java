package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gate.Doorway.Access;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator's transaction that stays open holds locks; the gate's sessions must not suffer. */
class GateLocksTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  private static final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();

  @AfterAll
  static void stop() {
    others.shutdownNow();
  }

  @Test
  void accessThatCannotBeEnforcedIsNoReasonToEndTheOthers() throws Exception {
    var limits =
        new GateLimits(10, 10, Duration.ofSeconds(10), Duration.ofMillis(50), Duration.ofMillis(1));
    Access access = door.access();
    patience("1s", "10s");
    try (Connection operator =
            holding("lock table temporary_access.noise in access exclusive mode");
        Gate own = door.open(limits);
        Connection session = door.connect(own.address().getPort(), Doorway.ROLE, access.token())) {
      door.awaitTrue(enforcing("wait_event_type = 'Lock'"));
      door.awaitTrue("select not (" + enforcing("wait_event_type = 'Lock'") + ")");
      String failed = door.sql().text("select clock_timestamp()");
      door.awaitTrue(
          """
          select count(*) > 0 from pg_stat_activity
          where query like '%%ended_logins%%' and query_start > '%s' and datname = current_database()
            and pid <> pg_backend_pid()
          """
              .formatted(failed));
      assertThat(Sql.on(session).text("select 'still here'")).isEqualTo("still here");
      operator.rollback();
    } finally {
      patience("5s", "10s");
    }
  }

  @Test
  void signInsThatWaitDoNotKeepItFromSeeingWhoseAccessHasEnded() throws Exception {
    Access access = door.access();
    Access late = door.access();
    patience("60s", "70s");
    var limits =
        new GateLimits(20, 20, Duration.ofMinutes(1), Duration.ofMillis(50), Duration.ofMinutes(1));
    try (Gate own = door.open(limits);
        Connection session = door.connect(own.address().getPort(), Doorway.ROLE, access.token());
        Connection operator = holding("lock table temporary_access.settings in exclusive mode")) {
      var waiting =
          Stream.generate(
                  () ->
                      others.submit(
                          () -> door.connect(own.address().getPort(), Doorway.ROLE, late.token())))
              .limit(8)
              .toList();
      door.awaitTrue(
          """
          select count(*) >= 4 from pg_stat_activity
          where query like '%authorize%' and wait_event_type = 'Lock' and datname = current_database()
          """);
      door.sql()
          .execute(
              "update temporary_access.grants set expires_at = clock_timestamp() where id = '%s'"
                  .formatted(access.grantId()));

      assertThatThrownBy(() -> Sql.on(session).text("select pg_sleep(600)"))
          .isInstanceOf(Sql.SqlFailure.class);
      assertThat(waiting).noneMatch(Future::isDone);
      operator.rollback();
    } finally {
      patience("5s", "10s");
    }
  }

  private static Connection holding(String lock) throws Exception {
    Connection operator = database.connectAs("postgres");
    operator.setAutoCommit(false);
    try (var statement = operator.createStatement()) {
      statement.execute(lock);
    }
    return operator;
  }

  /** Of the gatekeeper's new connections; the usual is 5 s and 10 s. */
  private static void patience(String lock, String statement) {
    door.sql()
        .execute(
            """
            alter role latchkey_gatekeeper set lock_timeout = '%s';
            alter role latchkey_gatekeeper set statement_timeout = '%s'
            """
                .formatted(lock, statement));
  }

  private static String enforcing(String condition) {
    return """
    select count(*) > 0 from pg_stat_activity
    where query like '%%enforce()%%' and %s and datname = current_database() and pid <> pg_backend_pid()
    """
        .formatted(condition);
  }
}
