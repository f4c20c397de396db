package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.PATIENCE_SECONDS;
import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static dev.latchkey.sql.TemporaryAccessFixture.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of a single grant, single sessions ended, and what an operator is told before. */
class TemporaryAccessChangeTest {
  private static final String CHANGE =
      "select status from latchkey.change_grant(?::uuid, ?::jsonb, 'why')";
  private static final String END = "select latchkey.end_session(?, 'why')";
  private static final String MISSING = "00000000-0000-4000-8000-000000000000";

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  private String member;
  private String grant;
  private String token;

  @BeforeEach
  void letIn() {
    member = access.member();
    grant = access.grant(member, READER);
    token = access.token(member);
  }

  @Test
  void otherNetworksEndTheSessionsThatAreOutside() throws Exception {
    try (Connection four = access.session(READER, token, "10.1.2.3");
        Connection six = access.session(READER, token, "2001:db8::7");
        Connection outside = access.session(READER, token, "192.0.2.1")) {
      assertThat(
              access
                  .operator()
                  .text(CHANGE, grant, "{\"allowed_cidrs\": [\"10.0.0.0/8\", \"2001:db8::/32\"]}"))
          .isEqualTo("active");
      assertThat(four.isValid(PATIENCE_SECONDS)).isTrue();
      assertThat(six.isValid(PATIENCE_SECONDS)).isTrue();
      assertThat(outside.isValid(PATIENCE_SECONDS)).isFalse();
      var event = access.event("grant.changed", grant);
      assertThat(event).containsEntry("reason", "why");
      assertThat(event.get("after").toString())
          .contains("10.0.0.0/8", "\"sessions_ended\": 1", "\"sessions_left\": 0");
      assertThat(event.get("before").toString()).contains("\"allowed_cidrs\": []");

      long before = access.eventCount();
      access
          .operator()
          .text(CHANGE, grant, "{\"allowed_cidrs\": [\"2001:db8::/32\", \"10.0.0.0/8\"]}");
      assertThat(access.eventCount()).as("the same again").isEqualTo(before);
    }
  }

  @Test
  void aLoginThatWasAcceptedFromWhatIsNowOutsideIsNotTied() throws Exception {
    String login = access.authorize(READER, token, "192.0.2.1");
    try (Connection session = database.connectAs(READER)) {
      access.operator().text(CHANGE, grant, "{\"allowed_cidrs\": [\"10.0.0.0/8\"]}");
      assertThat(
              access
                  .gatekeeper()
                  .truth(
                      "select temporary_access.attach_login(?, ?)",
                      login,
                      (int) Sql.on(session).number("select pg_backend_pid()")))
          .isFalse();
    }
  }

  @Test
  void theOwnSessionOutsideIsEndedByTheNextEnforcement() throws Exception {
    access.superuser().execute("grant latchkey_operator to access_writer");
    String own = access.grant(member, WRITER);
    try (Connection session = access.session(WRITER, token)) {
      Sql.on(session).text(CHANGE, own, "{\"allowed_cidrs\": [\"10.0.0.0/8\"]}");
      assertThat(access.event("grant.changed", own).get("after").toString())
          .contains("\"own_session\": true");
      access.gatekeeper().rows("select temporary_access.enforce()");
      assertThat(session.isValid(PATIENCE_SECONDS)).isFalse();
      assertThat(access.event("sessions.ended", own)).containsEntry("code", "address_not_allowed");
    } finally {
      access.superuser().execute("revoke latchkey_operator from access_writer");
    }
  }

  @Test
  void aScheduledStartMovesAndAnEndComesSooner() {
    String other = access.member();
    String scheduled =
        access
            .operator()
            .text(
                "select id from latchkey.grant_access(?::uuid, 'access_reader', now() + interval '9 h', now() + interval '5 h', null, 'x')",
                other);
    assertThat(
            access
                .operator()
                .text(
                    "select status from latchkey.change_grant(?::uuid, jsonb_build_object('starts_at', now() + interval '1 h', 'expires_at', now() + interval '2 h'), 'x')",
                    scheduled))
        .isEqualTo("scheduled");
    assertThat(access.operator().text(CHANGE, scheduled, "{\"starts_at\": null}"))
        .isEqualTo("active");
    access.refuses(
        access.operator(),
        "PT409",
        "The grant has begun; its start cannot be changed",
        CHANGE,
        scheduled,
        "{\"starts_at\": \"2030-01-01T00:00Z\"}");
    assertThat(
            access
                .superuser()
                .number(
                    "select extension_count from latchkey.grants where id = ?::uuid", scheduled))
        .isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null | p_changes: must be an object with fields of allowed_cidrs, starts_at, expires_at
          [] | p_changes: must be an object with fields of
          {"role": "postgres"} | p_changes: must be an object with fields of
          {"revoked_at": null} | p_changes: must be an object with fields of
          {"allowed_cidrs": "10.0.0.0/8"} | p_changes.allowed_cidrs: must be an array
          {"allowed_cidrs": [null]} | p_changes.allowed_cidrs: entry 1 must be a network
          {"allowed_cidrs": ["10.0.0.1/8"]} | p_changes.allowed_cidrs: entry 1 must be a network
          {"allowed_cidrs": ["10.0.0.0/8", "') or true --"]} | p_changes.allowed_cidrs: entry 2 must be a network
          {"expires_at": "2099-01-01T00:00Z"} | p_changes.expires_at: is later than the present end
          {"expires_at": null} | p_changes.expires_at: is later than the present end
          {"expires_at": "2020-01-01T00:00Z"} | p_changes.expires_at: must be in the future
          {"expires_at": "infinity"} | p_changes.expires_at: must be a time with its zone
          {"expires_at": "9999-12-31T23:59:59-15:59"} | p_changes.expires_at: is later than the present end
          {"expires_at": -1} | p_changes.expires_at: must be in seconds since 1970
          {"expires_at": "soon"} | p_changes.expires_at: must be a time with its zone
          """)
  void refusesBadChanges(String changes, String message) {
    access.refuses(
        access.operator(),
        "22023",
        message,
        CHANGE,
        grant,
        changes.equals("null") ? null : changes);
  }

  @Test
  void onlyAnOpenGrantChanges() {
    String changes = "{\"allowed_cidrs\": []}";
    access.refuses(access.operator(), "PT404", "Grant not found", CHANGE, MISSING, changes);
    access.refuses(
        access.operator(), "22023", "p_grant_id: must not be null", CHANGE, null, changes);
    access.operator().rows("select latchkey.revoke_grant(?::uuid, 'x')", grant);
    access.refuses(access.operator(), "PT409", "The grant has ended", CHANGE, grant, changes);
  }

  @Test
  void oneSessionEndsInMidQueryAndTheOtherLivesOn() throws Exception {
    try (Connection one = access.session(READER, token);
        Connection other = access.session(READER, token)) {
      String login = access.loginOf(one);
      var ended = access.inMidQuery(one);
      assertThat(access.operator().text(END, login))
          .contains("\"sessions_ended\": 1", "\"sessions_left\": 0", "checked_at");
      assertThat(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getSQLState()).isEqualTo("57P01");
      assertThat(other.isValid(PATIENCE_SECONDS)).isTrue();
      assertThat(access.event("session.ended", login))
          .containsEntry("actor_id", "access_operator")
          .containsEntry("reason", "why")
          .extractingByKey("after")
          .asString()
          .contains("\"sessions_left\": 0", member, "192.0.2.1");
      access.refuses(access.operator(), "PT409", "The session has ended already", END, login);
    }
    assertThat(access.authorize(READER, token)).as("the grant stays").isNotNull();
  }

  @Test
  void noSessionEndsThatIsNone() {
    access.refuses(access.operator(), "22023", "p_login_id: must not be null", END, (Object) null);
    access.refuses(access.operator(), "PT404", "Session not found", END, "' or true --");
    access.authorize(WRITER, token);
    access.refuses(
        access.operator(),
        "PT404",
        "Session not found",
        END,
        access.lastLogin().get("id").toString());
  }

  @Test
  void aSessionDoesNotEndItself() throws Exception {
    access.superuser().execute("grant latchkey_operator to access_writer");
    access.grant(member, WRITER);
    try (Connection session = access.session(WRITER, token)) {
      access.refuses(
          Sql.on(session), "PT409", "A session cannot end itself", END, access.loginOf(session));
      assertThat(Sql.on(session).text("select latchkey.whoami() ->> 'login_id'"))
          .isEqualTo(access.loginOf(session));
    } finally {
      access.superuser().execute("revoke latchkey_operator from access_writer");
    }
  }

  @Test
  void anOperatorIsToldWhatAChangeWouldDoToHimAndToOthers() throws Exception {
    access.superuser().execute("grant latchkey_operator to access_writer");
    try {
      String own = access.grant(member, WRITER);
      String tokenId = access.tokenId(token);
      String second = access.member();
      String secondGrant = access.grant(second, WRITER);
      try (Connection session = access.session(WRITER, token)) {
        Sql me = Sql.on(session);
        String after =
            """
            select concat_ws(' ', answer ->> 'own_access', answer ->> 'operators_left', answer ->> 'sessions', answer ->> 'own_ends_at' is not null)
            from latchkey.access_after(?::uuid, ?::uuid, ?::uuid) as answer
            """;
        access
            .superuser()
            .execute(
                "update temporary_access.members set blocked_at = now() where user_id not in (?::uuid, ?::uuid)",
                member,
                second);
        assertThat(me.text(after, null, null, null)).isEqualTo("false 1 0 t");
        assertThat(me.text(after, own, null, null)).isEqualTo("true 0 1 t");
        assertThat(me.text(after, null, member, null)).isEqualTo("true 0 1 t");
        assertThat(me.text(after, null, null, tokenId)).isEqualTo("true 0 1 t");
        assertThat(me.text(after, grant, null, null)).isEqualTo("false 1 0 t");
        access.token(second);
        assertThat(me.text(after, own, null, null))
            .as("with a token the other is one")
            .isEqualTo("true 1 1 t");
        assertThat(me.text(after, secondGrant, null, null)).isEqualTo("false 1 0 t");
        access.operator().rows("select latchkey.block_member(?::uuid, 'x')", second);
        assertThat(me.text(after, own, null, null)).isEqualTo("true 0 1 t");
      }
      assertThat(
              access
                  .operator()
                  .text(
                      "select concat_ws(' ', answer ->> 'own_access', answer ->> 'own_ends_at') from latchkey.access_after(?::uuid) as answer",
                      own))
          .as("who came in directly")
          .isEqualTo("false");
      assertThat(
              access
                  .operator()
                  .truth("select (latchkey.access_after() ->> 'direct_operators')::int >= 1"))
          .isTrue();
    } finally {
      access.superuser().execute("revoke latchkey_operator from access_writer");
    }
  }

  @Test
  void freezingLeavesAnEventForEachGrantAndToken() {
    String tokenId = access.tokenId(token);
    access.operator().rows("select latchkey.freeze_member(?::uuid, 'lost')", member);
    assertThat(access.event("grant.revoked", grant))
        .containsEntry("code", "member_frozen")
        .containsEntry("reason", "lost");
    assertThat(access.event("token.revoked", tokenId)).containsEntry("code", "member_frozen");
    assertThat(
            access
                .superuser()
                .truth(
                    "select bool_and(object_label like (select email from latchkey.members where user_id = ?::uuid) || '%') from latchkey.events where object_id in (?, ?)",
                    member, grant, tokenId))
        .as("each names the person")
        .isTrue();
  }
}
