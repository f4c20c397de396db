package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.PATIENCE_SECONDS;
import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static dev.latchkey.sql.TemporaryAccessFixture.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins tied to server processes, and what ends them, without a gate. */
@DependsOnMajor("processes as the server shows them, and who may end them (16)")
class TemporaryAccessSessionTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  private static final ExecutorService others = Executors.newCachedThreadPool();

  private String member;
  private String grant;
  private String token;

  @BeforeEach
  void letIn() {
    member = access.member();
    grant = access.grant(member, READER);
    token = access.token(member);
  }

  @AfterAll
  static void stop() {
    others.shutdownNow();
  }

  @Test
  void aLoginIsTiedToItsProcessOnce() throws Exception {
    try (Connection session = database.connectAs(READER);
        Connection other = database.connectAs(READER)) {
      String login = access.authorize(READER, token);
      assertThat(attach(login, pidOf(session))).isTrue();
      assertThat(attach(login, pidOf(other))).isFalse();
      assertThat(
              access
                  .operator()
                  .row(
                      "select login_id, state from latchkey.sessions where grant_id = ?::uuid",
                      grant))
          .containsEntry("login_id", login)
          .containsEntry("state", "idle");
      assertThat(
              access
                  .operator()
                  .number("select session_count from latchkey.grants where id = ?::uuid", grant))
          .isEqualTo(1);
    }
  }

  @Test
  void onlyToAProcessOfItsRole() throws Exception {
    try (Connection session = database.connectAs(WRITER)) {
      assertThat(attach(access.authorize(READER, token), pidOf(session))).isFalse();
      assertThat(attach(access.authorize(READER, token), 0)).isFalse();
      assertThat(attach("no such login", pidOf(session))).isFalse();
    }
  }

  @Test
  void theActorIsTheMemberOnlyInThatProcess() throws Exception {
    try (Connection session = database.connectAs(READER);
        Connection other = database.connectAs(READER)) {
      attach(access.authorize(READER, token), pidOf(session));
      assertThat(actorOf(session)).isEqualTo("member");
      assertThat(actorOf(other)).isEqualTo("role");
    }
  }

  /** With the start of its process, and without, as a login through PAM is recorded. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "backend_start = backend_start - interval '1 h'",
        "backend_start = null, at = backend_start - interval '1 ms'",
      })
  void aLaterProcessWithTheSamePidIsNobody(String earlier) throws Exception {
    String shown = "select login_id from latchkey.sessions where grant_id = ?::uuid";
    try (Connection session = database.connectAs(READER)) {
      String login = access.authorize(READER, token);
      attach(login, pidOf(session));
      assertThat(access.operator().texts(shown, grant)).containsExactly(login);
      access
          .superuser()
          .execute("update temporary_access.logins set %s where id = ?".formatted(earlier), login);
      assertThat(actorOf(session)).isEqualTo("role");
      assertThat(access.operator().texts(shown, grant)).isEmpty();
      access.operator().rows("select latchkey.revoke_grant(?::uuid, 'x')", grant);
      assertThat(session.isValid(PATIENCE_SECONDS)).as("the other process lives on").isTrue();
    }
  }

  /** Its line in the list of logins is marked later, by enforcement. */
  @Test
  void aSessionThatItsClientClosedIsNoLongerShown() throws Exception {
    String login = access.authorize(READER, token);
    int pid;
    try (Connection session = database.connectAs(READER)) {
      pid = pidOf(session);
      attach(login, pid);
    }
    access.await(
        "its process is gone", "select count(*) = 0 from pg_stat_activity where pid = ?", pid);
    assertThat(endOf(login)).isNull();
    assertThat(
            access
                .operator()
                .row(
                    "select session_count, (select count(*) from latchkey.sessions where grant_id = g.id) as shown from latchkey.grants as g where id = ?::uuid",
                    grant))
        .containsEntry("session_count", 0L)
        .containsEntry("shown", 0L);
  }

  @Test
  void enforcementEndsWhatHasExpiredAndSaysSo() throws Exception {
    try (Connection session = database.connectAs(READER);
        Connection other = database.connectAs(READER)) {
      attach(access.authorize(READER, token), pidOf(session));
      access
          .superuser()
          .execute(
              "update temporary_access.grants set expires_at = clock_timestamp() where id = ?::uuid",
              grant);
      assertThat(
              access
                  .operator()
                  .text("select end_reason from latchkey.sessions where grant_id = ?::uuid", grant))
          .isEqualTo("grant_expired");
      assertThat(access.operator().text("select latchkey.enforce_temporary_access()"))
          .isEqualTo("{\"sessions_left\": 0, \"sessions_ended\": 1}");
      assertThat(session.isValid(PATIENCE_SECONDS)).isFalse();
      assertThat(other.isValid(PATIENCE_SECONDS)).isTrue();
      assertThat(access.event("sessions.ended", grant)).containsEntry("code", "grant_expired");
      assertThat(
              access
                  .operator()
                  .truth(
                      "select (latchkey.temporary_access_state() ->> 'enforced_at')::timestamptz > now() - interval '1 min'"))
          .isTrue();
    }
  }

  @Test
  void enforcementClosesTheRecordOfProcessesThatAreGone() throws Exception {
    String login = access.authorize(READER, token);
    int pid;
    try (Connection session = database.connectAs(READER)) {
      pid = pidOf(session);
      attach(login, pid);
    }
    access.await(
        "its process is gone", "select count(*) = 0 from pg_stat_activity where pid = ?", pid);
    access
        .superuser()
        .execute(
            "update temporary_access.logins set attached_at = now() - interval '2 min' where id = ?",
            login);
    access.operator().rows("select latchkey.enforce_temporary_access()");
    assertThat(endOf(login)).isEqualTo("gone");
  }

  @Test
  void aRevocationWaitsForALoginUnderWayAndThenSeesIt() throws Exception {
    try (Connection deciding = database.connectAs(TemporaryAccessFixture.GATEKEEPER)) {
      deciding.setAutoCommit(false);
      String login =
          Sql.on(deciding)
              .text("select temporary_access.authorize(?, ?, '192.0.2.1'::inet)", READER, token);
      Future<String> revocation = start(this::revoke);
      access.awaitBlocked("revoke_grant");
      deciding.commit();

      assertThat(revocation.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("revoked");
      assertThat(endOf(login)).isEqualTo("grant_revoked");
      try (Connection session = database.connectAs(READER)) {
        assertThat(attach(login, pidOf(session))).isFalse();
      }
    }
  }

  /** Logins share their locks: without that a flood of them could put off the revocation. */
  @Test
  void aLaterLoginDoesNotOvertakeARevocationThatWaits() throws Exception {
    try (Connection deciding = database.connectAs(TemporaryAccessFixture.GATEKEEPER)) {
      deciding.setAutoCommit(false);
      Sql.on(deciding)
          .rows("select temporary_access.authorize(?, ?, '192.0.2.1'::inet)", READER, token);
      Future<String> revocation = start(this::revoke);
      access.awaitBlocked("revoke_grant");
      Future<String> later = start(() -> String.valueOf(access.authorize(READER, token)));
      access.await(
          "the later login gives way",
          "select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep' and query like '%authorize%'");
      deciding.commit();

      assertThat(revocation.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("revoked");
      assertThat(later.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("null");
    }
  }

  @Test
  void aLoginWaitsForARevocationUnderWayAndIsRefused() throws Exception {
    try (Connection revoking = database.connectAs(TemporaryAccessFixture.OPERATOR)) {
      revoking.setAutoCommit(false);
      Sql.on(revoking).rows("select latchkey.revoke_grant(?::uuid, 'x')", grant);
      Future<String> login = start(() -> String.valueOf(access.authorize(READER, token)));
      access.awaitBlocked("authorize");
      revoking.commit();

      assertThat(login.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("null");
      assertThat(access.lastOutcome()).isEqualTo("grant_revoked");
    }
  }

  @Test
  void aLoginThatWasAcceptedBeforeARevocationUnderWayIsNotTiedToAProcess() throws Exception {
    String login = access.authorize(READER, token);
    try (Connection revoking = database.connectAs(TemporaryAccessFixture.OPERATOR);
        Connection session = database.connectAs(READER)) {
      int pid = pidOf(session);
      revoking.setAutoCommit(false);
      Sql.on(revoking).rows("select latchkey.revoke_grant(?::uuid, 'x')", grant);
      Future<String> attached = start(() -> String.valueOf(attach(login, pid)));
      access.awaitBlocked("attach_login");
      revoking.commit();
      assertThat(attached.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("false");
    }
  }

  @Test
  void aProcessThatIsBeingTiedDuringARevocationIsEnded() throws Exception {
    String login = access.authorize(READER, token);
    try (Connection attaching = database.connectAs(TemporaryAccessFixture.GATEKEEPER);
        Connection session = database.connectAs(READER)) {
      attaching.setAutoCommit(false);
      assertThat(
              Sql.on(attaching)
                  .truth("select temporary_access.attach_login(?, ?)", login, pidOf(session)))
          .isTrue();
      Future<String> revocation = start(this::revoke);
      access.awaitBlocked("revoke_grant");
      attaching.commit();

      assertThat(revocation.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("revoked");
      assertThat(session.isValid(PATIENCE_SECONDS)).isFalse();
      assertThat(access.event("grant.revoked", grant))
          .extractingByKey("after")
          .asString()
          .contains("\"sessions_ended\": 1");
    }
  }

  @Test
  void switchingOffWaitsForALoginUnderWayAndThenSeesIt() throws Exception {
    try (Connection deciding = database.connectAs(TemporaryAccessFixture.GATEKEEPER)) {
      deciding.setAutoCommit(false);
      String login =
          Sql.on(deciding)
              .text("select temporary_access.authorize(?, ?, '192.0.2.1'::inet)", READER, token);
      Future<String> off =
          start(
              () ->
                  access
                      .operator()
                      .text("select latchkey.set_temporary_access('disabled') ->> 'state'"));
      access.awaitBlocked("set_temporary_access");
      deciding.commit();
      assertThat(off.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("disabled");
      assertThat(endOf(login)).isEqualTo("disabled");
    } finally {
      access.operator().rows("select latchkey.set_temporary_access('enabled')");
    }
  }

  @Test
  void enforcingWaitsForNobody() throws Exception {
    String login = access.authorize(READER, token);
    access
        .superuser()
        .execute("update temporary_access.logins set at = at - interval '1 h' where id = ?", login);
    try (Connection holding = database.connectAs("postgres")) {
      holding.setAutoCommit(false);
      Sql.on(holding).execute("lock table temporary_access.settings in exclusive mode");
      Sql.on(holding).text("select id from temporary_access.logins where id = ? for update", login);
      assertThat(access.gatekeeper().text("select temporary_access.enforce()"))
          .contains("\"sessions_ended\": 0");
      assertThat(endOf(login)).as("left to the next time").isNull();
      holding.rollback();
    }
    access.gatekeeper().rows("select temporary_access.enforce()");
    assertThat(endOf(login)).isEqualTo("gone");
  }

  @Test
  void endingUnderAnOldSnapshotIsRefused() throws Exception {
    try (Connection connection = database.connectAs(TemporaryAccessFixture.OPERATOR)) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      access.refuses(
          Sql.on(connection),
          "25001",
          "This needs a READ COMMITTED transaction",
          "select latchkey.revoke_grant(?::uuid, 'x')",
          grant);
    }
  }

  @Test
  void theCallersOwnSessionIsLeftToItsGate() throws Exception {
    access.superuser().execute("grant latchkey_operator to access_writer");
    try (Connection session = database.connectAs(WRITER)) {
      String own = access.grant(member, WRITER);
      String login = access.authorize(WRITER, token);
      attach(login, pidOf(session));
      assertThat(
              Sql.on(session).text("select status from latchkey.revoke_grant(?::uuid, 'x')", own))
          .isEqualTo("revoked");
      assertThat(access.event("grant.revoked", own)).containsEntry("actor_id", member);
      assertThat(
              access
                  .gatekeeper()
                  .texts("select * from temporary_access.ended_logins(array[?, 'unknown'])", login))
          .containsExactlyInAnyOrder(login, "unknown");
    } finally {
      access.superuser().execute("revoke latchkey_operator from access_writer");
    }
  }

  @Test
  void knowsHowLongALoginLasts() {
    String login = access.authorize(READER, token);
    assertThat(
            access
                .gatekeeper()
                .truth("select temporary_access.seconds_left(?) between 3000 and 3600", login))
        .isTrue();
  }

  private String revoke() {
    return access.operator().text("select status from latchkey.revoke_grant(?::uuid, 'x')", grant);
  }

  private static Future<String> start(Callable<String> work) {
    return others.submit(work);
  }

  private static boolean attach(String login, int pid) {
    return access.gatekeeper().truth("select temporary_access.attach_login(?, ?)", login, pid);
  }

  private static int pidOf(Connection connection) {
    return (int) Sql.on(connection).number("select pg_backend_pid()");
  }

  private static String endOf(String login) {
    return access.superuser().text("select ended_why from latchkey.logins where id = ?", login);
  }

  /** Asked with the rights of a superuser, about the process that the connection has. */
  private static String actorOf(Connection connection) {
    access
        .superuser()
        .execute(
            """
            create or replace function public.actor_type() returns text
              language sql security definer
              return latchkey.actor() ->> 'type';
            grant execute on function public.actor_type() to access_reader
            """);
    return Sql.on(connection).text("select public.actor_type()");
  }
}
