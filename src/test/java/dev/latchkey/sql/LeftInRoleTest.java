package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a person leaves in the role that he was granted, and what becomes of it when his access
 * ends. The server of the tests asks nobody for a password: a connection of the role without a
 * login stands for one that came in by it.
 */
@DependsOnMajor("what a role may do with itself (16)")
class LeftInRoleTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  private static final String SHARED = "left_in_role_shared";

  private String member;
  private String grant;
  private String token;

  @BeforeEach
  void grantAccess() {
    access.superuser().execute("create role left_in_role_shared login");
    member = access.member();
    grant = access.grant(member, SHARED);
    token = access.token(member);
  }

  @AfterEach
  void dropRole() {
    access
        .superuser()
        .execute(
            """
            select pg_terminate_backend(pid) from pg_stat_activity where usename = 'left_in_role_shared';
            delete from temporary_access.grants where role = 'left_in_role_shared';
            delete from temporary_access.role_settings where role = 'left_in_role_shared';
            delete from temporary_access.roles_to_clear;
            drop owned by left_in_role_shared;
            drop role left_in_role_shared;
            """);
  }

  // ── A password ────────────────────────────────────────────────────────────────────────────────

  /** He came back by it, the proof said that none was left. */
  @ParameterizedTest
  @CsvSource({
    "revoke_grant, grant.revoked",
    "freeze_member, member.frozen",
    "block_member, member.blocked"
  })
  void aPasswordBackdoorIsClosedWithTheAccess(String call, String event) throws Exception {
    try (Connection session = access.session(SHARED, token);
        Connection backdoor = database.connectAs(SHARED)) {
      Sql.on(session).execute("alter role left_in_role_shared password 'back again'");
      long pid = Sql.on(backdoor).number("select pg_backend_pid()");
      assertThat(hasPassword()).isTrue();
      assertThat(finding("role_password")).isEqualTo("high");
      assertThat(finding("role_processes")).isEqualTo("high");

      access
          .operator()
          .rows(
              "select latchkey.%s(?::uuid, 'test')".formatted(call),
              call.equals("revoke_grant") ? grant : member);

      assertThat(hasPassword()).isFalse();
      assertThat(backdoor.isValid(5)).isFalse();
      assertThat(session.isValid(5)).isFalse();
      assertThat(
              access
                  .event(event, call.equals("revoke_grant") ? grant : member)
                  .get("after")
                  .toString())
          .contains(
              "\"sessions_left\": 0",
              "\"sessions_ended\": 1",
              "\"processes_left\": 0",
              "\"processes_ended\": 1",
              "\"passwords_taken\": [\"left_in_role_shared\"]",
              "left_in_role_shared from the server itself since",
              "(process %d)".formatted(pid));
      assertThat(findings()).isEmpty();
    }
  }

  @Test
  void aColleagueWithATokenStays() throws Exception {
    String other = access.member();
    access.grant(other, SHARED);
    try (Connection mine = access.session(SHARED, access.token(other));
        Connection backdoor = database.connectAs(SHARED)) {
      access.operator().rows("select latchkey.revoke_grant(?::uuid, 'test')", grant);
      assertThat(backdoor.isValid(5)).isFalse();
      assertThat(mine.isValid(5)).isTrue();
    }
  }

  /**
   * A password goes with the commit: whoever comes in by it until then is found by the next look.
   */
  @Test
  void whoComesInBeforeTheCommitIsEndedByTheNextLook() throws Exception {
    access.superuser().execute("alter role left_in_role_shared password 'back again'");
    try (Connection revoking = database.connectAs(TemporaryAccessFixture.OPERATOR)) {
      revoking.setAutoCommit(false);
      Sql.on(revoking).rows("select latchkey.revoke_grant(?::uuid, 'test')", grant);
      try (Connection quick = database.connectAs(SHARED)) {
        revoking.commit();
        assertThat(quick.isValid(5)).isTrue();
        access.gatekeeper().rows("select temporary_access.enforce()");
        assertThat(quick.isValid(5)).isFalse();
      }
    }
    assertThat(access.event("role.cleared", SHARED).get("after").toString())
        .contains("\"processes_ended\": 1", "\"processes_left\": 0");
    access.gatekeeper().rows("select temporary_access.enforce()");
    assertThat(access.superuser().number("select count(*) from temporary_access.roles_to_clear"))
        .isZero();
  }

  /** Whoever has the role may hold its row: that must not put off anybody's end. */
  @Test
  void aHeldRoleDoesNotPutOffTheEnd() throws Exception {
    String other = access.member();
    access.grant(other, SHARED);
    try (Connection session = access.session(SHARED, token);
        Connection holder = access.session(SHARED, access.token(other))) {
      Sql.on(session).execute("alter role left_in_role_shared password 'back again'");
      holder.setAutoCommit(false);
      Sql.on(holder).execute("alter role left_in_role_shared password 'mine'");
      Instant before = Instant.now();

      access.operator().rows("select latchkey.revoke_grant(?::uuid, 'test')", grant);

      assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
      assertThat(session.isValid(5)).isFalse();
      assertThat(access.event("grant.revoked", grant).get("after").toString())
          .contains("\"passwords_left\": [\"left_in_role_shared\"]");
      holder.rollback();
    }
    assertThat(hasPassword()).isTrue();
    access.gatekeeper().rows("select temporary_access.enforce()");
    assertThat(hasPassword()).isFalse();
  }

  @Test
  void anOperatorTakesAPasswordAndEndsWhoCameInByIt() throws Exception {
    access.superuser().execute("alter role left_in_role_shared password 'back again'");
    try (Connection backdoor = database.connectAs(SHARED);
        Connection session = access.session(SHARED, token)) {
      for (String call : access.operator().texts("select call from latchkey.findings")) {
        access.operator().rows(call);
      }
      assertThat(hasPassword()).isFalse();
      assertThat(backdoor.isValid(5)).isFalse();
      assertThat(session.isValid(5)).isTrue();
    }
    assertThat(findings()).isEmpty();
    assertThat(access.event("role.password_taken", SHARED)).containsEntry("outcome", "ok");
    assertThat(access.event("role.processes_ended", SHARED).get("after").toString())
        .contains("\"processes_ended\": 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "take_role_password",
        "end_role_processes",
        "reset_role_settings",
        "keep_role_settings"
      })
  void onlyOperatorsAndOnlyForRolesThatWereGranted(String function) {
    String call = "select latchkey.%s(?)".formatted(function);
    access.refuses(access.operator(), "PT404", "Nobody was ever granted", call, "access_stranger");
    access.refuses(access.operator(), "PT404", "Nobody was ever granted", call, "postgres");
    access.refuses(access.operator(), "22023", "p_role: must not be null", call, (Object) null);
    access.refuses(
        database.sqlAs(TemporaryAccessFixture.AUDITOR), "42501", "permission denied", call, SHARED);
  }

  /** They are a superuser's, so they refuse by themselves, also what Latchkey's owner asks. */
  @ParameterizedTest
  @ValueSource(
      strings = {"postgres", "authenticator", "latchkey_gatekeeper", "latchkey_operator", "nobody"})
  void theSuperusersFunctionsTouchNoOtherRoles(String role) {
    access.refuses(
        access.superuser(),
        "22023",
        "p_role: is not a role that can be granted",
        "select temporary_access.take_from_role(?, true, '{}')",
        role);
  }

  // ── Settings ──────────────────────────────────────────────────────────────────────────────────

  @Test
  void settingsThatOutliveThePersonAreToldAndReset() throws Exception {
    access
        .superuser()
        .execute(
            """
            alter role left_in_role_shared set work_mem = '5MB';
            alter role left_in_role_shared set search_path = "$user", public;
            alter role left_in_role_shared in database %s set lock_timeout = '3s';
            """
                .formatted(database.name()));
    assertThat(finding("role_settings")).isEqualTo("medium");
    access.operator().rows("select latchkey.keep_role_settings(?, 'as agreed')", SHARED);
    assertThat(findings()).isEmpty();
    String kept = settings();

    try (Connection session = access.session(SHARED, token)) {
      Sql.on(session)
          .execute(
              """
              alter role left_in_role_shared set search_path = evil, public;
              alter role left_in_role_shared set statement_timeout = '7ms';
              alter role left_in_role_shared reset work_mem;
              alter role left_in_role_shared in database %s set lock_timeout = '1ms';
              """
                  .formatted(database.name()));
    }
    assertThat(
            access
                .operator()
                .text(
                    "select sentence from latchkey.findings where id = 'role_settings:' || ?",
                    SHARED))
        .isEqualTo(
            "Settings of role left_in_role_shared were changed and meet whoever has it next: lock_timeout in"
                + " database %s, search_path, statement_timeout, work_mem."
                    .formatted(database.name()));
    access.operator().rows("select latchkey.revoke_grant(?::uuid, 'test')", grant);
    assertThat(access.event("grant.revoked", grant).get("after").toString())
        .contains("settings_changed", "left_in_role_shared: search_path");

    access.operator().rows("select latchkey.reset_role_settings(?, 'test')", SHARED);
    assertThat(settings()).isEqualTo(kept);
    assertThat(findings()).isEmpty();
  }

  /** What is stored as a list of names is written again as SQL: it must be nothing but that. */
  @Test
  void whatIsNoListOfNamesIsNotWrittenAgain() throws Exception {
    try (Connection session = access.session(SHARED, token)) {
      Sql.on(session)
          .execute(
              """
              select set_config('search_path', 'a;drop/**/table/**/temporary_access.logins', false);
              alter role left_in_role_shared set search_path from current;
              """);
    }
    access.operator().rows("select latchkey.keep_role_settings(?, 'fooled')", SHARED);
    access.superuser().execute("alter role left_in_role_shared set search_path = public");

    assertThat(
            access
                .operator()
                .text("select latchkey.reset_role_settings(?, 'test') ->> 'left'", SHARED))
        .isEqualTo("[\"search_path\"]");
    assertThat(settings()).isEqualTo("{}");
  }

  // ── Other findings ────────────────────────────────────────────────────────────────────────────

  @Test
  void twoPeopleInOneOperatorRoleAreAFinding() {
    access.superuser().execute("grant latchkey_operator to left_in_role_shared");
    assertThat(findings()).isEmpty();
    String second = access.grant(access.member(), SHARED);
    assertThat(finding("shared_operator")).isEqualTo("medium");
    assertThat(access.operator().text("select call from latchkey.findings")).contains(second);
    access.operator().rows(access.operator().text("select call from latchkey.findings"));
    assertThat(findings()).isEmpty();
  }

  @Test
  void anotherDatabaseWhereMembersMayCancelIsAFinding() {
    access
        .superuser()
        .execute(
            "revoke execute on function pg_catalog.pg_cancel_backend(integer),"
                + " pg_catalog.pg_terminate_backend(integer, bigint) from public; grant execute on function"
                + " pg_catalog.pg_cancel_backend(integer), pg_catalog.pg_terminate_backend(integer, bigint) to"
                + " latchkey_owner");
    try {
      assertThat(access.operator().texts("select id from latchkey.findings"))
          .contains("signal_functions:postgres")
          .doesNotContain("signal_functions:" + database.name());
      assertThat(access.operator().text("select latchkey.temporary_access_state() ->> 'not_ended'"))
          .isNull();
    } finally {
      access
          .superuser()
          .execute(
              "grant execute on function pg_catalog.pg_cancel_backend(integer),"
                  + " pg_catalog.pg_terminate_backend(integer, bigint) to public; revoke execute on function"
                  + " pg_catalog.pg_cancel_backend(integer), pg_catalog.pg_terminate_backend(integer, bigint) from"
                  + " latchkey_owner");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grant pg_signal_backend to left_in_role_shared",
        "grant pg_read_all_data to left_in_role_shared",
        "grant pg_write_all_data to left_in_role_shared",
        "grant pg_execute_server_program to left_in_role_shared",
        "grant service_role to left_in_role_shared",
        "alter role left_in_role_shared bypassrls"
      })
  void rolesThatCanDoTooMuchAreNotAssignableAndOpenGrantsOfThemAreAFinding(String change)
      throws SQLException {
    access.superuser().execute(change);
    assertThat(access.operator().texts("select latchkey.assignable_roles()"))
        .doesNotContain(SHARED);
    assertThat(access.authorize(SHARED, token)).isNull();
    assertThat(access.lastOutcome()).isEqualTo("role_not_allowed");
    assertThat(finding("role_not_assignable")).isEqualTo("medium");
  }

  @Test
  void aFunctionOfTheApplicationThatBelongsToSomebodyElseIsAFinding() {
    access.superuser().execute("alter function auth.uid() owner to left_in_role_shared");
    try {
      assertThat(access.operator().text("select sentence from latchkey.findings"))
          .isEqualTo(
              "auth.uid() belongs to left_in_role_shared and is called, with rights over every key.");
    } finally {
      access.superuser().execute("alter function auth.uid() owner to postgres");
    }
  }

  private boolean hasPassword() {
    return access
        .superuser()
        .truth("select rolpassword is not null from pg_authid where rolname = ?", SHARED);
  }

  private String settings() {
    return access.superuser().text("select temporary_access.settings_of(?)", SHARED);
  }

  private String finding(String kind) {
    return access
        .operator()
        .text(
            "select severity from latchkey.findings where object_type = 'role' and id = ? || ':' || ?",
            kind,
            SHARED);
  }

  private List<String> findings() {
    return access.operator().texts("select id from latchkey.findings");
  }
}
