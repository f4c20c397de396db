package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.PATIENCE_SECONDS;
import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static dev.latchkey.sql.TemporaryAccessFixture.WRITER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.Migrations;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** Colleagues who would put off their own end, strangers who would fill the disk. */
@DependsOnMajor("an owner who is no superuser (16), infinite intervals (17)")
class TemporaryAccessHostileTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  private String member;
  private String grant;
  private String token;

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
    grant = access.grant(member, WRITER);
    token = access.token(member);
  }

  /** An operator holds what his own end has to lock, in a transaction that he does not finish. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          select latchkey.revoke_grant(:grant, 'x')             | select latchkey.revoke_grant(:grant, 'x')          | grant.revoked | :grant
          select latchkey.end_sessions(:grant, 'x')             | select latchkey.revoke_grant(:grant, 'x')          | grant.revoked | :grant
          select latchkey.end_sessions(:grant, 'x')             | select latchkey.end_sessions(:grant, 'x')          | sessions.ended | :grant
          select latchkey.revoke_access_token(:token, 'x')      | select latchkey.revoke_access_token(:token, 'x')   | token.revoked | :token
          select latchkey.block_member(:member, 'x')            | select latchkey.freeze_member(:member, 'x')        | member.frozen | :member
          select latchkey.revoke_access_token(:token, 'x')      | select latchkey.freeze_member(:member, 'x')        | member.frozen | :member
          select latchkey.end_sessions(:grant, 'x')             | select latchkey.block_member(:member, 'x')         | member.blocked | :member
          select latchkey.set_access_policy('{"self_granting": true}') | select latchkey.set_temporary_access('disabled') | temporary_access.disabled | temporary_access
          """)
  void anOpenTransactionDoesNotPutOffItsOwnEnd(
      String held, String ending, String type, String object) throws Exception {
    try (Connection hostile = access.session(WRITER, token)) {
      hostile.setAutoCommit(false);
      Sql.on(hostile).rows(withIds(held));
      access.operator().rows(withIds(ending));

      assertThat(hostile.isValid(PATIENCE_SECONDS)).isFalse();
      assertThat(access.event(type, withIds(object).replace("'", "")).get("after").toString())
          .contains("\"sessions_ended\": 1", "\"sessions_left\": 0");
    } finally {
      access.operator().rows("select latchkey.set_temporary_access('enabled')");
    }
    assertThat(
            access
                .superuser()
                .truth("select (latchkey.temporary_access_state() ->> 'self_granting')::boolean"))
        .isFalse();
  }

  @Test
  void norItsExpiry() throws Exception {
    try (Connection hostile = access.session(WRITER, token)) {
      hostile.setAutoCommit(false);
      Sql.on(hostile).rows("select latchkey.set_access_policy('{\"reason_required\": false}')");
      Sql.on(hostile).rows("select latchkey.revoke_access_token(?::uuid)", access.tokenId(token));
      access
          .superuser()
          .execute(
              "update temporary_access.grants set starts_at = now() - interval '2 h', expires_at = clock_timestamp() where id = ?::uuid",
              grant);
      assertThat(access.gatekeeper().text("select temporary_access.enforce()"))
          .isEqualTo("{\"sessions_left\": 0, \"sessions_ended\": 1}");
      assertThat(hostile.isValid(PATIENCE_SECONDS)).isFalse();
    }
  }

  @Test
  void nobodyKeepsOthersOutByAnAdvisoryLock() throws Exception {
    try (Connection stranger = database.connectAs(TemporaryAccessFixture.STRANGER)) {
      Sql.on(stranger)
          .rows("select pg_advisory_lock(hashtextextended('latchkey.temporary_access', 0))");
      assertThat(access.authorize(WRITER, token)).isNotNull();
    }
  }

  @Test
  void strangersAreLoggedUpToABoundAndThenCounted() {
    String noise = "select coalesce(sum(attempts), 0) from latchkey.login_noise";
    String logged = "select count(*) from latchkey.logins where outcome = 'malformed'";
    long before = access.operator().number(noise);
    access
        .gatekeeper()
        .rows(
            "select temporary_access.authorize('x', 'y', '192.0.2.9') from generate_series(1, 130)");
    assertThat(access.operator().number(logged)).isEqualTo(100);
    assertThat(access.operator().number(noise) - before).isEqualTo(30);
    assertThat(access.authorize(WRITER, token)).as("who may come in still does").isNotNull();

    access
        .superuser()
        .execute(
            "update temporary_access.logins set at = at - interval '91 d' where outcome = 'malformed'; update temporary_access.noise set minute = minute - interval '91 d'");
    access.gatekeeper().rows("select temporary_access.enforce()");
    assertThat(access.operator().number(logged)).as("forgotten after 90 days").isZero();
    assertThat(access.operator().number(noise)).isZero();
  }

  @Test
  void aDeadTokenThatIsTriedAgainAndAgainDoesNotFillTheAuditEvents() {
    access
        .operator()
        .rows("select latchkey.revoke_access_token(?::uuid, 'x')", access.tokenId(token));
    long before = access.eventCount();
    access
        .gatekeeper()
        .rows(
            "select temporary_access.authorize('access_writer', ?, '192.0.2.9') from generate_series(1, 40)",
            token);
    assertThat(access.eventCount()).isEqualTo(before + 10);
  }

  @Test
  void refusedLoginsArePrunedAndAcceptedOnesStay() {
    access.authorize(WRITER, token);
    String accepted = access.lastLogin().get("id").toString();
    access.authorize(READER, token);
    String refused = access.lastLogin().get("id").toString();
    access.authorize(READER, token);
    String recent = access.lastLogin().get("id").toString();
    access
        .superuser()
        .execute(
            "update temporary_access.logins set at = at - interval '3 d' where id in (?, ?)",
            accepted,
            refused);
    assertThat(access.operator().text("select latchkey.prune_logins('2 days')"))
        .contains("\"pruned\": 1", "\"more\": false");
    assertThat(access.superuser().texts("select id from latchkey.logins"))
        .contains(accepted, recent)
        .doesNotContain(refused);
    assertThat(access.event("logins.pruned", "logins").get("after").toString())
        .contains("\"pruned\": 1");
  }

  /** The last three are more than the server's own arithmetic takes, or no length at all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "interval '23 hours'",
        "interval '-1 year'",
        "interval '36501 days'",
        "interval '1000000 years'",
        "interval '178000000 years'",
        "make_interval(months => -2147483648)",
      })
  void loginsAreKeptForASensibleTime(String keep) {
    access.refuses(
        access.operator(),
        "22023",
        "p_keep: must be from 1 day to 36,500 days",
        "select latchkey.prune_logins(%s)".formatted(keep));
  }

  /** Before PostgreSQL 17 there is no such interval. */
  @Test
  void norForEver() {
    Assumptions.assumeTrue(
        access
            .superuser()
            .truth("select current_setting('server_version_num')::integer >= 170000"));
    for (String keep : new String[] {"infinity", "-infinity"}) {
      access.refuses(
          access.operator(),
          "22023",
          "p_keep: must be from 1 day to 36,500 days",
          "select latchkey.prune_logins('%s')".formatted(keep));
    }
  }

  /**
   * Installed by a role that is no superuser: it has to be allowed to end sessions before temporary
   * access is switched on, and what it cannot end, because its role became a superuser, is told as
   * left and does not stop the revocation.
   */
  @Test
  void anOwnerWhoIsNoSuperuserProvesWhatHeCan() throws Exception {
    Sql superuser = access.superuser();
    String other = database.createDatabase(false);
    superuser.execute(
        """
        create role access_owner login createrole;
        create role access_elevated login;
        grant latchkey_operator, latchkey_auditor, latchkey_gatekeeper, anon, authenticated, service_role, authenticator, api_key
          to access_owner with admin option;
        """);
    try {
      superuser.execute("alter database %s owner to access_owner".formatted(other));
      Sql.on(database.address().dataSource(other, "postgres"))
          .execute("alter schema public owner to access_owner");
      var installing = (PGSimpleDataSource) database.address().dataSource(other, "access_owner");
      installing.setPreferQueryMode(PreferQueryMode.SIMPLE);
      Sql.on(installing).execute(Migrations.script());
      Sql owner = Sql.on(database.address().dataSource(other, "access_owner"));

      // Before PostgreSQL 16 a role with createrole could take them, and installing did.
      superuser.execute("revoke pg_read_all_stats, pg_signal_backend from access_owner");
      var refused =
          catchThrowableOfType(
              Sql.SqlFailure.class,
              () -> owner.rows("select latchkey.set_temporary_access('enabled')"));
      assertThat(refused.sqlState()).isEqualTo("55000");
      assertThat(refused.getMessage()).contains("may not end the sessions of other roles");
      superuser.execute("grant pg_read_all_stats, pg_signal_backend to access_owner");
      owner.rows("select latchkey.set_temporary_access('enabled')");
      assertThat(owner.texts("select latchkey.assignable_roles()"))
          .contains("access_elevated")
          .doesNotContain("access_owner");

      String person = owner.text("select user_id from latchkey.add_member('a@owner.example')");
      String given =
          owner.text(
              "select id from latchkey.grant_access(?::uuid, 'access_elevated', now() + interval '1 h', null, null, 'x')",
              person);
      String secret =
          owner.text(
              "select latchkey.create_access_token(?::uuid, 'x', now() + interval '1 h') ->> 'token'",
              person);
      try (Connection session =
          database.address().dataSource(other, "access_elevated").getConnection()) {
        Sql.on(database.address().dataSource(other, TemporaryAccessFixture.GATEKEEPER))
            .rows(
                "select temporary_access.attach_login(temporary_access.authorize('access_elevated', ?, '192.0.2.1'), ?)",
                secret,
                (int) Sql.on(session).number("select pg_backend_pid()"));
        superuser.execute("alter role access_elevated superuser");
        assertThat(
                owner.text("select status from latchkey.revoke_grant(?::uuid, 'too much')", given))
            .isEqualTo("revoked");
        String proof =
            "select (after ->> 'sessions_ended') || ' ended, ' || (after ->> 'sessions_left') || ' left' from latchkey.events where type = 'grant.revoked'";
        assertThat(owner.text(proof)).isEqualTo("0 ended, 1 left");
        owner.rows("select latchkey.enforce_temporary_access()");
        owner.rows("select latchkey.enforce_temporary_access()");
        assertThat(
                owner.number("select count(*) from latchkey.events where type = 'sessions.ended'"))
            .as("told once, in the revocation")
            .isZero();
        superuser.execute("alter role access_elevated nosuperuser");
        assertThat(owner.text("select latchkey.enforce_temporary_access()"))
            .isEqualTo("{\"sessions_left\": 0, \"sessions_ended\": 1}");
        assertThat(session.isValid(PATIENCE_SECONDS)).isFalse();
      }
    } finally {
      database.dropDatabase(other);
      superuser.execute(
          """
          revoke latchkey_operator, latchkey_auditor, latchkey_gatekeeper, anon, authenticated, service_role, authenticator, api_key
            from access_owner cascade;
          drop role access_elevated;
          drop role access_owner;
          """);
    }
  }

  private String withIds(String call) {
    return call.replace(":grant", "'" + grant + "'")
        .replace(":token", "'" + access.tokenId(token) + "'")
        .replace(":member", "'" + member + "'");
  }
}
