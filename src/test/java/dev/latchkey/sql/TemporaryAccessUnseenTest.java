package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Unknown is not zero: where the owner of the functions lost the rights to see or end sessions. */
class TemporaryAccessUnseenTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  private static final String READER = TemporaryAccessFixture.READER;
  private static final String UNSEEN =
      "latchkey_owner, the owner of Latchkey's functions, may not see the sessions of other roles";
  private static final String NOT_ENDED =
      "latchkey_owner, the owner of Latchkey's functions, may not end the sessions of other roles";

  private String member;
  private String grant;
  private String token;

  @BeforeEach
  void grantAccess() {
    member = access.member();
    grant = access.grant(member, READER);
    token = access.token(member);
  }

  @AfterEach
  void giveRightsBack() {
    access.superuser().execute("grant pg_read_all_stats, pg_signal_backend to latchkey_owner");
    access.superuser().rows("select latchkey.set_temporary_access('enabled')");
  }

  /** Each was recorded as "ended 0, left 0" while the session worked on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "latchkey.revoke_grant('%1$s'::uuid, 'test') | grant.revoked",
        "latchkey.block_member('%2$s'::uuid, 'test') | member.blocked",
        "latchkey.freeze_member('%2$s'::uuid, 'test') | member.frozen",
        "latchkey.revoke_access_token('%3$s'::uuid, 'test') | token.revoked",
        "latchkey.end_sessions('%1$s'::uuid, 'test') | sessions.ended",
        "latchkey.end_session('%4$s', 'test') | session.ended",
        "latchkey.set_temporary_access('disabled') | temporary_access.disabled",
        "latchkey.change_grant('%1$s', '{\"allowed_cidrs\": [\"10.0.0.0/8\"]}', 'x') | grant.changed",
        "latchkey.set_member_roles('%2$s'::uuid, '[]', 'test') | grant.revoked"
      })
  void endingWhatCannotBeSeenProvesNothing(String call, String event) throws Exception {
    try (Connection session = access.session(READER, token)) {
      String act = call.formatted(grant, member, access.tokenId(token), access.loginOf(session));
      access.superuser().execute("revoke pg_read_all_stats from latchkey_owner");

      access.operator().rows("select " + act);

      assertThat(session.isValid(5)).as("it works on").isTrue();
      assertThat(
              access
                  .superuser()
                  .row(
                      """
                      select jsonb_exists(after, 'sessions_left') as has_left, after ->> 'sessions_left' as remaining,
                        after ->> 'sessions_ended' as ended, after ->> 'not_known' as why
                      from latchkey.events where type = ? order by id desc limit 1
                      """,
                      event))
          .isEqualTo(row("has_left", true, "remaining", null, "ended", null, "why", UNSEEN));
    }
  }

  @Test
  void theStateAndTheViewsSayThatSessionsAreNotKnown() throws Exception {
    try (Connection _ = access.session(READER, token)) {
      access.superuser().execute("revoke pg_read_all_stats from latchkey_owner");
      assertThat(
              access
                  .operator()
                  .row(
                      "select s ->> 'live_sessions' as sessions, s ->> 'not_known' as why from latchkey.temporary_access_state() as s"))
          .isEqualTo(row("sessions", null, "why", UNSEEN));
      assertThat(
              access
                  .operator()
                  .row(
                      """
                      select
                        (select session_count from latchkey.grants where id = ?::uuid) as of_grant,
                        (select session_count from latchkey.members where user_id = ?::uuid) as of_member,
                        latchkey.access_after(p_without_grant => ?::uuid) ->> 'sessions' as after
                      """,
                      grant,
                      member,
                      grant))
          .isEqualTo(row("of_grant", null, "of_member", null, "after", null));
      assertThat(
              access
                  .operator()
                  .row(
                      "select severity, object_id, sentence, call from latchkey.findings where id like 'owner_rights:%'"))
          .containsEntry("severity", "high")
          .containsEntry("object_id", "latchkey_owner")
          .containsEntry("call", "grant pg_read_all_stats, pg_signal_backend to latchkey_owner")
          .hasEntrySatisfying(
              "sentence", sentence -> assertThat(sentence.toString()).startsWith(UNSEEN));
    }
  }

  @ParameterizedTest
  @CsvSource({"pg_read_all_stats, may not see", "pg_signal_backend, may not end"})
  void enforcementFailsWhereItCouldNotBeDone(String right, String why) throws Exception {
    try (Connection session = access.session(READER, token)) {
      access.superuser().execute("revoke %s from latchkey_owner".formatted(right));
      access
          .superuser()
          .execute(
              "update temporary_access.grants set expires_at = clock_timestamp() where id = ?::uuid",
              grant);
      access.refuses(
          access.operator(),
          "55000",
          "Ended access cannot be enforced: latchkey_owner, the owner of Latchkey's functions, "
              + why,
          "select latchkey.enforce_temporary_access()");
      access.refuses(
          access.gatekeeper(),
          "55000",
          "Ended access cannot be enforced",
          "select temporary_access.enforce()");
      assertThat(
              access
                  .superuser()
                  .text("select ended_why from latchkey.logins where grant_id = ?::uuid", grant))
          .as("not taken for gone")
          .isNull();

      access.superuser().execute("grant %s to latchkey_owner".formatted(right));
      access.operator().rows("select latchkey.enforce_temporary_access()");
      assertThat(session.isValid(5)).isFalse();
    }
  }

  @Test
  void whatIsSeenAndCannotBeEndedIsLeft() throws Exception {
    try (Connection session = access.session(READER, token)) {
      access.superuser().execute("revoke pg_signal_backend from latchkey_owner");
      access.operator().rows("select latchkey.revoke_grant(?::uuid, 'test')", grant);
      assertThat(session.isValid(5)).isTrue();
      assertThat(access.event("grant.revoked", grant).get("after").toString())
          .contains(
              "\"sessions_left\": 1", "\"sessions_ended\": 0", "\"not_ended\": \"" + NOT_ENDED);
      assertThat(access.operator().text("select latchkey.temporary_access_state() ->> 'not_ended'"))
          .isEqualTo(NOT_ENDED);
    }
  }

  @Test
  void wherePeopleNeverCameInThereIsNothingToEnforce() {
    String other = database.createDatabase(true);
    access.superuser().execute("revoke pg_read_all_stats from latchkey_owner");
    try {
      assertThat(database.sqlIn(other).text("select latchkey.enforce_temporary_access()"))
          .isEqualTo("{\"sessions_left\": 0, \"sessions_ended\": 0}");
    } finally {
      database.dropDatabase(other);
    }
  }

  private static Map<String, Object> row(Object... cells) {
    var row = new LinkedHashMap<String, Object>();
    for (int index = 0; index < cells.length; index += 2) {
      row.put(cells[index].toString(), cells[index + 1]);
    }
    return row;
  }
}
