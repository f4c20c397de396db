package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.OPERATOR;
import static dev.latchkey.sql.TemporaryAccessFixture.PATIENCE_SECONDS;
import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static dev.latchkey.sql.TemporaryAccessFixture.WRITER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/**
 * A colleague's transaction that stays open: what needs what he holds is refused and says who is in
 * the way, and what is refused has ended nothing.
 */
@DependsOnMajor("locks and waits as the server shows them")
class TemporaryAccessLocksTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  private static final String HELD = "Somebody holds this in a transaction that is still open: ";
  private static final String EXTEND =
      "select latchkey.extend_grant(:grant, now() + interval '2 h', 'x')";

  private String member;
  private String grant;
  private String token;
  private String otherToken;
  private String colleague;
  private String colleagueToken;

  @BeforeAll
  static void writersOperate() {
    access.superuser().execute("grant latchkey_operator to access_writer");
  }

  @AfterAll
  static void writersDoNot() {
    access.superuser().execute("revoke latchkey_operator from access_writer");
  }

  @BeforeEach
  void letIn() {
    member = access.member();
    grant = access.grant(member, READER);
    token = access.token(member);
    otherToken = access.token(member);
    colleague = access.member();
    access.grant(colleague, WRITER);
    colleagueToken = access.token(colleague);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select latchkey.extend_grant(:grant, now() + interval '2 h', 'x') | select latchkey.revoke_grant(:grant, 'x')
          select latchkey.extend_grant(:grant, now() + interval '2 h', 'x') | select latchkey.end_sessions(:grant, 'x')
          select latchkey.extend_grant(:grant, now() + interval '2 h', 'x') | select latchkey.block_member(:member, 'x')
          select latchkey.extend_grant(:grant, now() + interval '2 h', 'x') | select latchkey.freeze_member(:member, 'x')
          select latchkey.extend_grant(:grant, now() + interval '2 h', 'x') | select latchkey.set_member_roles(:member, '[]', 'x')
          select latchkey.extend_grant(:grant, now() + interval '2 h', 'x') | select latchkey.change_grant(:grant, '{"allowed_cidrs": ["198.51.100.0/24"]}', 'x')
          select latchkey.extend_grant(:grant, now() + interval '2 h', 'x') | select latchkey.extend_grant(:grant, now() + interval '3 h', 'x')
          select latchkey.extend_grant(:grant, now() + interval '2 h', 'x') | select latchkey.create_access_token(:member, 'x', now() + interval '1 h')
          select latchkey.revoke_access_token(:token, 'x')                  | select latchkey.revoke_access_token(:token, 'x')
          select latchkey.revoke_access_token(:token, 'x')                  | select latchkey.block_member(:member, 'x')
          savepoint a; select latchkey.extend_grant(:grant, now() + interval '2 h', 'x'); release a | select latchkey.revoke_grant(:grant, 'x')
          select latchkey.set_access_policy('{"self_granting": true}')      | select latchkey.set_access_policy('{"networks_required": false}')
          """)
  void isNamedAndNothingIsDone(String held, String call) throws Exception {
    try (Connection session = access.session(READER, otherToken);
        Connection holding = access.session(WRITER, colleagueToken);
        Connection operating = impatient()) {
      hold(holding, held);
      PSQLException refused = refusal(operating, call);
      assertThat(refused.getSQLState()).isEqualTo("PT423");
      assertThat(refused.getServerErrorMessage().getMessage())
          .isEqualTo(
              HELD + "%s as %s (process %d)".formatted(email(colleague), WRITER, pidOf(holding)));
      assertThat(session.isValid(PATIENCE_SECONDS)).as("nothing was ended").isTrue();

      String hint = refused.getServerErrorMessage().getHint();
      Sql.on(operating).rows(hint.substring(hint.indexOf("select ")));
      assertEnded(holding);
      assertThat(Sql.on(operating).rows(withIds(call))).hasSizeLessThan(2);
      session.abort(Runnable::run);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select latchkey.set_access_policy('{"self_granting": true}') | select latchkey.set_temporary_access('disabled')
          select latchkey.set_access_policy('{"self_granting": true}') | select latchkey.set_access_policy('{"self_granting": true}')
          select latchkey.set_temporary_access('disabled')             | select latchkey.set_access_policy('{"self_granting": true}')
          """)
  void aColleagueWithoutTemporaryAccessIsNamedByHisRoleAndProcess(String held, String call)
      throws Exception {
    try (Connection holding = database.connectAs(OPERATOR);
        Connection operating = impatient()) {
      hold(holding, held);
      PSQLException refused = refusal(operating, call);
      assertThat(refused.getSQLState()).isEqualTo("PT423");
      assertThat(refused.getServerErrorMessage().getMessage())
          .isEqualTo(HELD + "%s (process %d)".formatted(OPERATOR, pidOf(holding)));
      assertThat(refused.getServerErrorMessage().getHint())
          .endsWith("as a superuser select pg_terminate_backend(%d)".formatted(pidOf(holding)));
    }
  }

  @Test
  void whatIsFinishedInTimeWasOnlyWaitedFor() throws Exception {
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection holding = access.session(WRITER, colleagueToken);
        Connection operating = database.connectAs(OPERATOR)) {
      hold(holding, EXTEND);
      Future<String> revoked =
          others.submit(
              () ->
                  Sql.on(operating)
                      .text(withIds("select status from latchkey.revoke_grant(:grant, 'x')")));
      access.await(
          "the revocation waits for the colleague",
          "select count(*) > 0 from pg_stat_activity where ? = any (pg_blocking_pids(pid))",
          pidOf(holding));
      holding.rollback();
      assertThat(revoked.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("revoked");
    }
  }

  /** The session that is to end holds one thing, a colleague another. */
  @Test
  void nobodyIsEndedWhileAColleagueIsInTheWayToo() throws Exception {
    writes(grant);
    try (Connection session = access.session(WRITER, otherToken);
        Connection holding = access.session(WRITER, colleagueToken);
        Connection operating = impatient()) {
      hold(session, "select latchkey.end_sessions(:grant, 'x')");
      hold(holding, "select latchkey.revoke_access_token(:token, 'x')");
      PSQLException refused = refusal(operating, "select latchkey.freeze_member(:member, 'x')");
      assertThat(refused.getSQLState()).isEqualTo("PT423");
      assertThat(refused.getMessage())
          .contains("process " + pidOf(holding))
          .doesNotContain("process " + pidOf(session));
      assertThat(session.isValid(PATIENCE_SECONDS)).isTrue();

      holding.rollback();
      Sql.on(operating).rows(withIds("select latchkey.freeze_member(:member, 'x')"));
      assertEnded(session);
      assertThat(access.event("member.frozen", member).get("after").toString())
          .contains("\"sessions_ended\": 1", "\"sessions_left\": 0");
    }
  }

  /** One session of two stands still and cannot end; the other has given the lock free by then. */
  @Test
  void aColleagueWhoComesInTheWayWhileSessionsAreEndedIsToldWithTheirNumber() throws Exception {
    writes(grant);
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection session = access.session(WRITER, otherToken);
        Connection still = access.session(WRITER, otherToken);
        Connection holding = access.session(WRITER, colleagueToken);
        Connection operating = impatient()) {
      hold(
          session,
          "select latchkey.change_grant(:grant, jsonb_build_object('expires_at', now() + interval '30 min'), 'x')");
      String stopped = String.valueOf(pidOf(still));
      signal("-STOP", stopped);
      try {
        Future<PSQLException> refused =
            others.submit(() -> refusal(operating, "select latchkey.revoke_grant(:grant, 'x')"));
        access.await(
            "one session has ended",
            "select not exists (select from pg_stat_activity where pid = ?)",
            pidOf(session));
        hold(holding, EXTEND);
        PSQLException told = refused.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(told.getSQLState()).isEqualTo("PT423");
        assertThat(told.getServerErrorMessage().getMessage())
            .isEqualTo(
                HELD
                    + "%s as %s (process %d); sessions ended before that: 1"
                        .formatted(email(colleague), WRITER, pidOf(holding)));
        assertThat(told.getServerErrorMessage().getHint())
            .startsWith("Nothing was changed. Try again when that is finished, or end it first: ");
      } finally {
        signal("-CONT", stopped);
      }
      assertEnded(session);
      assertEnded(still);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select latchkey.set_member_roles(:member, '[]', 'x') | grant.revoked
          select latchkey.set_member_roles(:member, (select jsonb_build_array(jsonb_build_object('role', role, 'expires_at', expires_at, 'allowed_networks', '{"allowed_cidrs": [{"cidr": "198.51.100.0/24"}]}'::jsonb)) from latchkey.grants where id = :grant), 'x') | grant.changed
          select latchkey.change_grant(:grant, '{"allowed_cidrs": ["198.51.100.0/24"]}', 'x') | grant.changed
          """)
  void whoeverHoldsWhatHisOwnEndNeedsIsEnded(String call, String event) throws Exception {
    writes(grant);
    String reading = access.grant(member, READER, "{198.51.100.0/24}");
    try (Connection session = access.session(WRITER, token);
        Connection other = access.session(WRITER, otherToken);
        Connection reader = access.session(READER, otherToken, "198.51.100.7");
        Connection operating = impatient()) {
      hold(session, "select latchkey.end_sessions(:grant, 'x')");
      assertThat(other.isValid(PATIENCE_SECONDS)).isFalse();
      try (Connection late = access.session(READER, otherToken, "198.51.100.8")) {
        Sql.on(operating).rows(withIds(call));
        assertEnded(session);
        assertThat(access.event(event, grant).get("after").toString())
            .contains("\"sessions_ended\": 1", "\"sessions_left\": 0");
        boolean stays = call.contains("change_grant");
        assertThat(late.isValid(PATIENCE_SECONDS)).isEqualTo(stays);
        assertThat(reader.isValid(PATIENCE_SECONDS)).isEqualTo(stays);
        if (!stays) {
          assertThat(access.event("grant.revoked", reading).get("after").toString())
              .contains("\"sessions_ended\": 2", "\"sessions_left\": 0");
        }
      }
    }
  }

  /** It would keep its access, so it is only in the way. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select latchkey.set_member_roles(:member, (select jsonb_build_array(jsonb_build_object('role', role, 'expires_at', expires_at)) from latchkey.grants where id = :grant), 'x')
          select latchkey.set_member_roles(:member, (select jsonb_build_array(jsonb_build_object('role', role, 'expires_at', expires_at, 'allowed_networks', '{"allowed_cidrs": [{"cidr": "192.0.2.0/24"}]}'::jsonb)) from latchkey.grants where id = :grant), 'x')
          select latchkey.change_grant(:grant, '{"allowed_cidrs": ["192.0.2.0/24"]}', 'x')
          select latchkey.change_grant(:grant, jsonb_build_object('expires_at', now() + interval '30 min'), 'x')
          """)
  void aSessionThatStaysIsNamedAndNotEnded(String call) throws Exception {
    writes(grant);
    access.grant(member, READER);
    try (Connection session = access.session(WRITER, token);
        Connection reader = access.session(READER, otherToken);
        Connection operating = impatient()) {
      hold(session, "select latchkey.end_sessions(:grant, 'x')");
      PSQLException refused = refusal(operating, call);
      assertThat(refused.getSQLState()).isEqualTo("PT423");
      assertThat(refused.getMessage()).contains("process " + pidOf(session));
      assertThat(session.isValid(PATIENCE_SECONDS)).isTrue();
      assertThat(reader.isValid(PATIENCE_SECONDS)).isTrue();
    }
  }

  /** The grant ends in another way between the end of one session and that of the next. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          update temporary_access.grants set revoked_at = clock_timestamp() where id = :grant | select latchkey.change_grant(:grant, '{"allowed_cidrs": ["198.51.100.0/24"]}', 'x') | The grant has ended; grant access again
          update temporary_access.members set blocked_at = clock_timestamp() where user_id = :member | select latchkey.set_member_roles(:member, (select jsonb_build_array(jsonb_build_object('role', role, 'expires_at', expires_at, 'allowed_networks', '{"allowed_cidrs": [{"cidr": "198.51.100.0/24"}]}'::jsonb)) from latchkey.grants where id = :grant), 'x') | The member is blocked
          """)
  void whatIsRefusedAfterSessionsWereEndedIsToldWithTheirNumber(
      String meanwhile, String call, String refusal) throws Exception {
    writes(grant);
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection session = access.session(WRITER, otherToken);
        Connection still = access.session(WRITER, otherToken);
        Connection operating = impatient()) {
      hold(
          session,
          "select latchkey.change_grant(:grant, jsonb_build_object('expires_at', now() + interval '30 min'), 'x')");
      String stopped = String.valueOf(pidOf(still));
      signal("-STOP", stopped);
      Future<PSQLException> refused;
      try {
        refused = others.submit(() -> refusal(operating, call));
        access.await(
            "one session has ended",
            "select not exists (select from pg_stat_activity where pid = ?)",
            pidOf(session));
        access.superuser().execute(withIds(meanwhile));
      } finally {
        signal("-CONT", stopped);
      }
      PSQLException told = refused.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(told.getSQLState()).isEqualTo("PT409");
      assertThat(told.getServerErrorMessage().getMessage())
          .isEqualTo(refusal + "; sessions ended before that: 2");
      assertEnded(session);
      assertEnded(still);
    }
  }

  /** Between two looks: an advisory lock makes that moment long enough to let go in. */
  @Test
  void whoeverLetsGoBetweenTwoLooksIsNoPreparedTransaction() throws Exception {
    access
        .superuser()
        .execute(
            """
            alter function temporary_access.lock_now(%1$s) rename to lock_at_once;
            create function temporary_access.lock_now(%1$s) returns boolean
              language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = 0
            as $$
            declare
              v_locked constant boolean := temporary_access.lock_at_once($1, $2, $3, $4, $5, $6);
            begin
              perform pg_advisory_lock_shared(4), pg_advisory_unlock_shared(4);
              return v_locked;
            end
            $$;
            """
                .formatted(lockArguments()));
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection pausing = database.connect();
        Connection deciding = database.connectAs(TemporaryAccessFixture.GATEKEEPER);
        Connection operating = impatient()) {
      deciding.setAutoCommit(false);
      Sql.on(deciding)
          .text("select temporary_access.authorize(?, ?, '192.0.2.1'::inet)", READER, token);
      Future<String> blocked =
          others.submit(
              () ->
                  Sql.on(operating)
                      .text(withIds("select status from latchkey.block_member(:member, 'x')")));
      access.awaitBlocked("block_member");
      Sql.on(pausing).rows("select pg_advisory_lock(4)");
      access.await(
          "it has seen that it is held",
          "select count(*) > 0 from pg_locks where locktype = 'advisory' and not granted");
      deciding.rollback();
      Sql.on(pausing).rows("select pg_advisory_unlock(4)");
      assertThat(blocked.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("blocked");
    } finally {
      access
          .superuser()
          .execute(
              """
              drop function temporary_access.lock_now(%1$s);
              alter function temporary_access.lock_at_once(%1$s) rename to lock_now;
              """
                  .formatted(lockArguments()));
    }
  }

  /** Its login was held until the time for ending was up. */
  @Test
  void aSessionThatTurnsUpLateHasTimeToEnd() throws Exception {
    String login = access.authorize(READER, token);
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection session = database.connectAs(READER);
        Connection attaching = database.connectAs(TemporaryAccessFixture.GATEKEEPER)) {
      attaching.setAutoCommit(false);
      assertThat(
              Sql.on(attaching)
                  .truth("select temporary_access.attach_login(?, ?)", login, pidOf(session)))
          .isTrue();
      Future<String> proof =
          others.submit(
              () ->
                  access
                      .superuser()
                      .text(
                          "select temporary_access.end_logins(array[?], 'terminated', true, clock_timestamp()) - 'checked_at'",
                          login));
      access.awaitBlocked("end_logins");
      attaching.commit();
      assertThat(proof.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo("{\"own_session\": false, \"sessions_left\": 0, \"sessions_ended\": 1}");
      assertEnded(session);
    }
  }

  /** Else who holds his own grant could protect himself by trying to sign in again and again. */
  @Test
  void signInsThatQueueDoNotProtectTheSessionInFrontOfThem() throws Exception {
    writes(grant);
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection session = access.session(WRITER, otherToken)) {
      hold(session, "select latchkey.end_sessions(:grant, 'x')");
      Future<String> late =
          others.submit(() -> String.valueOf(access.authorize(WRITER, otherToken)));
      access.awaitBlocked("authorize");
      access.operator().rows(withIds("select latchkey.revoke_grant(:grant, 'x')"));
      assertEnded(session);
      String login = late.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(
              login.equals("null")
                  || access
                      .superuser()
                      .truth(
                          "select ended_why = 'grant_revoked' from latchkey.logins where id = ?",
                          login))
          .as("seen by the revocation, or refused by it")
          .isTrue();
      assertThat(access.event("grant.revoked", grant).get("after").toString())
          .contains("\"sessions_ended\": 1");
    }
  }

  /** Its process is gone; only the line in the list of logins is still held. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select latchkey.end_session(:login, 'x')
          select latchkey.revoke_grant(:grant, 'x')
          """)
  void aLoginThatAColleagueHasEndedIsNotWaitedFor(String call) throws Exception {
    try (Connection session = access.session(READER, token);
        Connection holding = access.session(WRITER, colleagueToken);
        Connection operating = impatient()) {
      String login = access.loginOf(session);
      hold(holding, "select latchkey.end_session('%s', 'x')".formatted(login));
      assertEnded(session);
      Sql.on(operating).rows(withIds(call.replace(":login", "'" + login + "'")));
      assertThat(
              access
                  .superuser()
                  .text(
                      "select after ->> 'sessions_left' from latchkey.events where type in ('session.ended', 'grant.revoked') and object_id in (?, ?) order by id desc limit 1",
                      login,
                      grant))
          .isEqualTo("0");
    }
  }

  /** The session holds what the call would lock, and the call is refused for another reason. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          update temporary_access.grants set starts_at = now() - interval '2 h', expires_at = clock_timestamp() where id = :grant | select latchkey.end_sessions(:grant, 'x') | select latchkey.revoke_grant(:grant, 'x') | PT409
          update temporary_access.grants set revoked_at = clock_timestamp() where id = :grant          | select latchkey.end_sessions(:grant, 'x')  | select latchkey.revoke_grant(:grant, 'x')        | PT409
          update temporary_access.tokens set expires_at = clock_timestamp() where id = :token          | select latchkey.block_member(:member, 'x') | select latchkey.revoke_access_token(:token, 'x') | PT409
          update temporary_access.tokens set revoked_at = clock_timestamp() where id = :token          | select latchkey.block_member(:member, 'x') | select latchkey.revoke_access_token(:token, 'x') | PT409
          update temporary_access.members set blocked_at = clock_timestamp() where user_id = :member   | select latchkey.end_sessions(:grant, 'x')  | select latchkey.block_member(:member, 'x')       | PT409
          select 1 | select latchkey.block_member(:member, 'x') | select latchkey.freeze_member(:member, repeat('x', 501)) | 22023
          select 1 | select latchkey.end_sessions(:grant, 'x') | select latchkey.change_grant(:grant, '{"allowed_cidrs": ["198.51.100.0/24"], "starts_at": null}', 'x') | PT409
          update temporary_access.grants set revoked_at = clock_timestamp() where id = :grant | select latchkey.end_sessions(:grant, 'x') | select latchkey.change_grant(:grant, '{"allowed_cidrs": ["198.51.100.0/24"]}', 'x') | PT409
          select 1 | select latchkey.end_sessions(:grant, 'x') | select latchkey.set_member_roles(:member, '[{"role": "access_reader"}]', 'x') | 22023
          update temporary_access.members set blocked_at = clock_timestamp() where user_id = :member | select latchkey.end_sessions(:grant, 'x') | select latchkey.set_member_roles(:member, jsonb_build_array(jsonb_build_object('role', 'access_reader', 'expires_at', now() + interval '1 h')), 'x') | PT409
          """)
  void aRefusedCallHasEndedNothing(String before, String held, String call, String state)
      throws Exception {
    writes(grant);
    try (Connection session = access.session(WRITER, token);
        Connection operating = impatient()) {
      access.superuser().execute(withIds(before));
      hold(session, held);
      long events = access.eventCount();
      assertThat(refusal(operating, call).getSQLState()).isEqualTo(state);
      assertThat(session.isValid(PATIENCE_SECONDS)).isTrue();
      assertThat(access.eventCount()).isEqualTo(events);
    }
  }

  @Test
  void switchingOffWhatIsOffEndsNothing() throws Exception {
    writes(grant);
    try (Connection session = access.session(WRITER, token)) {
      access.superuser().execute("update temporary_access.settings set state = 'disabled'");
      hold(session, "select latchkey.set_access_policy('{\"self_granting\": true}')");
      long events = access.eventCount();
      access.operator().rows("select latchkey.set_temporary_access('disabled')");
      assertThat(session.isValid(PATIENCE_SECONDS)).isTrue();
      assertThat(access.eventCount()).isEqualTo(events);
    } finally {
      access.superuser().execute("update temporary_access.settings set state = 'enabled'");
    }
  }

  private static void writes(String grant) {
    access
        .superuser()
        .execute(
            "update temporary_access.grants set role = 'access_writer' where id = ?::uuid", grant);
  }

  private static String lockArguments() {
    return access
        .superuser()
        .text("select pg_get_function_identity_arguments('temporary_access.lock_now'::regproc)");
  }

  /** Waits less than the usual 5 seconds, so that the test takes no longer than it must. */
  private static Connection impatient() throws SQLException {
    Connection connection = database.connectAs(OPERATOR);
    Sql.on(connection).execute("set lock_timeout = '100ms'");
    return connection;
  }

  private void hold(Connection connection, String statements) throws SQLException {
    connection.setAutoCommit(false);
    Sql.on(connection).execute(withIds(statements));
  }

  private static void assertEnded(Connection connection) throws SQLException {
    assertThat(connection.isValid(PATIENCE_SECONDS)).as("open").isFalse();
    connection.abort(Runnable::run);
  }

  private PSQLException refusal(Connection connection, String call) {
    var refused =
        catchThrowableOfType(Sql.SqlFailure.class, () -> Sql.on(connection).rows(withIds(call)));
    assertThat(refused).as(call).isNotNull();
    return (PSQLException) refused.getCause();
  }

  private static void signal(String signal, String process) throws Exception {
    Process kill = new ProcessBuilder("kill", signal, process).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  private static int pidOf(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getBackendPID();
  }

  private static String email(String member) {
    return access
        .superuser()
        .text("select email from latchkey.members where user_id = ?::uuid", member);
  }

  private String withIds(String call) {
    return call.replace(":grant", "'" + grant + "'")
        .replace(":token", "'" + access.tokenId(token) + "'")
        .replace(":member", "'" + member + "'");
  }
}
