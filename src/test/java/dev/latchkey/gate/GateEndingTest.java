package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.gate.Doorway.Access;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateEndingTest {
  /** Far longer than any test waits. */
  private static final String LONG_WORK = "select pg_sleep(600)";

  private static final int PATIENCE_SECONDS = 30;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select latchkey.revoke_grant(:grant, 'done')          | grant_revoked
          select latchkey.revoke_access_token(:token, 'lost')   | token_revoked
          select latchkey.block_member(:member, 'left')         | member_blocked
          select latchkey.freeze_member(:member, 'compromised') | member_blocked
          select latchkey.end_sessions(:grant, 'maintenance')   | terminated
          """)
  void inMidQuery(String end, String why) throws Exception {
    Access access = door.access();
    try (Connection connection = door.connect(access)) {
      Future<String> work = startLongWork(connection, access);
      door.sql().rows(endOf(access, end));

      SQLException failure = failureOf(work);
      assertThat(failure.getSQLState()).isEqualTo("57P01");
      assertThat(failure.getMessage()).contains("temporary access has ended");
      assertThat(connection.isValid(PATIENCE_SECONDS)).isFalse();
      assertThat(livingBackends(access)).isZero();
      assertThat(endOf(access)).isEqualTo(why);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 'idle'",
        "copy (select repeat('x', 8000) from generate_series(1, 1000000)) to stdout",
        "copy taken from stdin"
      })
  void whateverTheClientIsDoing(String statement) throws Exception {
    Access access = door.access();
    door.sql()
        .execute(
            "create table if not exists public.taken (words text); grant insert on public.taken to "
                + Doorway.ROLE);
    try (var client = new RawClient(door.port())) {
      client.send(Messages.startup(Map.of("user", Doorway.ROLE, "database", door.databaseName())));
      client.next();
      client.password(access.token().getBytes(StandardCharsets.UTF_8));
      client.next('Z');
      // From here on the client reads nothing: the answer fills every buffer on its way.
      client.query(statement);
      door.awaitTrue(
          "select count(*) > 0 from latchkey.sessions where grant_id = ?::uuid and query = ?",
          access.grantId(),
          statement);
      door.sql().rows(endOf(access, "select latchkey.revoke_grant(:grant, 'done')"));
      assertThat(livingBackends(access)).isZero();
      Traces.of(door.gate()).awaitNone(door);
      assertThat(endOf(access)).isEqualTo("grant_revoked");
      RawClient.Message last = client.next();
      while (last.type() != 'E' && !last.isEnd()) {
        last = client.next();
      }
      assertThat(last.isEnd() || last.text().contains("57P01")).isTrue();
    }
  }

  /**
   * Else it would keep an established connection and read the rest of what it was sent whenever it
   * likes.
   */
  @Test
  void aClientThatDoesNotReadIsCutOff() throws Exception {
    Access access = door.access();
    try (var client = new RawClient(door.port())) {
      client.send(Messages.startup(Map.of("user", Doorway.ROLE, "database", door.databaseName())));
      client.next();
      client.password(access.token().getBytes(StandardCharsets.UTF_8));
      client.next('Z');
      client.query("copy (select repeat('x', 8000) from generate_series(1, 1000000)) to stdout");
      awaitStuck(access);
      door.sql().rows(endOf(access, "select latchkey.revoke_grant(:grant, 'done')"));
      Traces.of(door.gate()).awaitNone(door);
      assertThat(client.endsByReset()).isTrue();
    }
  }

  /** Each at another place of the stream: what was begun is cut, or there is a last message. */
  @RepeatedTest(5)
  void aClientThatReadsIsToldOrCutOff() throws Exception {
    Access access = door.access();
    try (var client = new RawClient(door.port())) {
      client.send(Messages.startup(Map.of("user", Doorway.ROLE, "database", door.databaseName())));
      client.next();
      client.password(access.token().getBytes(StandardCharsets.UTF_8));
      client.next('Z');
      client.query("copy (select repeat('x', 8000) from generate_series(1, 1000000)) to stdout");
      assertThat(client.next('d').isEnd()).isFalse();
      Future<Boolean> whole = others.submit(client::endsWithAWholeMessage);
      door.sql().rows(endOf(access, "select latchkey.revoke_grant(:grant, 'done')"));
      assertThat(whole.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void storesTheNumberOfEndedSessionsAsProof() throws Exception {
    Access access = door.access();
    try (Connection first = door.connect(access);
        Connection second = door.connect(access)) {
      startLongWork(first, access);
      assertThat(second.isValid(PATIENCE_SECONDS)).isTrue();
      door.sql().rows(endOf(access, "select latchkey.revoke_grant(:grant, 'done')"));
    }
    assertThat(
            door.sql()
                .row(
                    """
                    select after ->> 'sessions_ended' as ended, after ->> 'sessions_left' as remaining,
                      (after ->> 'checked_at')::timestamptz <= now() as checked
                    from latchkey.events
                    where type = 'grant.revoked' and object_id = ?
                    """,
                    access.grantId()))
        .containsEntry("ended", "2")
        .containsEntry("remaining", "0")
        .containsEntry("checked", true);
  }

  @Test
  void atTheEndOfTheGrant() throws Exception {
    Access access = door.access("{}", Duration.ofSeconds(3));
    try (Connection connection = door.connect(access)) {
      SQLException failure = failureOf(startLongWork(connection, access));
      assertThat(failure.getSQLState()).isEqualTo("57P01");
      assertThat(failure.getMessage()).contains("temporary access has ended");
      awaitEnd(access, "grant_expired");
      assertThat(livingBackends(access)).isZero();
      assertThat(
              door.sql()
                  .row(
                      """
                      select code, after ->> 'sessions_ended' as ended
                      from latchkey.events
                      where type = 'sessions.ended' and object_id = ?
                      """,
                      access.grantId()))
          .containsEntry("code", "grant_expired")
          .containsEntry("ended", "1");
    }
  }

  @Test
  void notBeforeTheEndOfAnExtendedGrant() throws Exception {
    Access access = door.access("{}", Duration.ofSeconds(3));
    try (Connection connection = door.connect(access)) {
      door.sql()
          .rows(
              endOf(
                  access,
                  "select latchkey.extend_grant(:grant, now() + interval '1 hour', 'not done')"));
      assertThat(Sql.on(connection).text("select pg_sleep(4)")).isEmpty();
      assertThat(connection.isValid(PATIENCE_SECONDS)).isTrue();
    }
  }

  @Test
  void whenTemporaryAccessIsSwitchedOff() throws Exception {
    Access access = door.access();
    try (Connection connection = door.connect(access)) {
      Future<String> work = startLongWork(connection, access);
      door.sql().rows("select latchkey.set_temporary_access('disabled')");
      assertThat(failureOf(work).getSQLState()).isEqualTo("57P01");
      assertThat(endOf(access)).isEqualTo("disabled");
    } finally {
      door.sql().rows("select latchkey.set_temporary_access('enabled')");
    }
  }

  @Test
  void leavesTheSessionsOfOthersAlone() throws Exception {
    Access ended = door.access();
    Access other = door.access();
    try (Connection connection = door.connect(ended);
        Connection untouched = door.connect(other)) {
      assertThat(connection.isValid(PATIENCE_SECONDS)).isTrue();
      door.sql().rows(endOf(ended, "select latchkey.revoke_grant(:grant, 'done')"));
      assertThat(untouched.isValid(PATIENCE_SECONDS)).isTrue();
    }
  }

  @Test
  void noSignInThatIsUnderWaySurvivesARevocation() throws Exception {
    Access access = door.access();
    Callable<Boolean> attempt =
        () -> {
          try (Connection connection = door.connect(access)) {
            Sql.on(connection).text(LONG_WORK);
            return true;
          } catch (SQLException | Sql.SqlFailure ended) {
            return false;
          }
        };
    var attempts = Stream.generate(() -> others.submit(attempt)).limit(20).toList();
    door.awaitTrue(
        "select count(*) > 2 from latchkey.sessions where grant_id = '" + access.grantId() + "'");
    door.sql().rows(endOf(access, "select latchkey.revoke_grant(:grant, 'done')"));

    for (Future<Boolean> each : attempts) {
      assertThat(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isFalse();
    }
    assertThat(livingBackends(access)).isZero();
  }

  @Test
  void closingTheGateEndsItsSessions() throws Exception {
    Access access = door.access();
    Gate own = door.open(GateLimits.standard());
    try (Connection connection =
        door.connect(own.address().getPort(), Doorway.ROLE, access.token())) {
      Future<String> work = startLongWork(connection, access);
      own.close();
      failureOf(work);
      awaitEnd(access, "gate_closed");
      assertThat(livingBackends(access)).isZero();
    } finally {
      own.close();
    }
  }

  @Test
  void aClientThatLeavesIsRecorded() throws Exception {
    Access access = door.access();
    door.connect(access).close();
    awaitEnd(access, "closed");
  }

  private static Future<String> startLongWork(Connection connection, Access access) {
    Future<String> work = others.submit(() -> Sql.on(connection).text(LONG_WORK));
    door.awaitTrue(
        "select count(*) > 0 from latchkey.sessions where state = 'active' and grant_id = '"
            + access.grantId()
            + "'");
    return work;
  }

  private static void awaitEnd(Access access, String why) {
    door.awaitTrue(
        "select ended_why = '%s' from latchkey.logins where token_id = '%s'"
            .formatted(why, access.tokenId()));
  }

  private static SQLException failureOf(Future<String> work) {
    var failure =
        catchThrowableOfType(
            ExecutionException.class, () -> work.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    return (SQLException) failure.getCause().getCause();
  }

  private static String endOf(Access access, String sql) {
    return sql.replace(":grant", "'" + access.grantId() + "'")
        .replace(":token", "'" + access.tokenId() + "'")
        .replace(":member", "'" + access.userId() + "'");
  }

  /** Until the server's answer to a client that reads nothing no longer moves. */
  private static void awaitStuck(Access access) throws InterruptedException {
    long before = 0;
    long written = bytesAnswered(access);
    while (written == 0 || written != before) {
      TimeUnit.MILLISECONDS.sleep(500);
      before = written;
      written = bytesAnswered(access);
    }
  }

  private static long bytesAnswered(Access access) {
    return door.sql()
        .number(
            """
            select coalesce(max(copy.bytes_processed), 0)
            from latchkey.logins as login
            join pg_stat_progress_copy as copy on copy.pid = login.backend_pid
            where login.grant_id = ?::uuid
            """,
            access.grantId());
  }

  private static String endOf(Access access) {
    return door.sql()
        .text("select ended_why from latchkey.logins where token_id = ?::uuid", access.tokenId());
  }

  private static long livingBackends(Access access) {
    return door.sql()
        .number(
            """
            select count(*)
            from pg_stat_activity as backend
            join latchkey.logins as login on login.backend_pid = backend.pid
            where login.token_id = ?::uuid
            """,
            access.tokenId());
  }
}
