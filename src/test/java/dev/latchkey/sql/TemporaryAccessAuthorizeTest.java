package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static dev.latchkey.sql.TemporaryAccessFixture.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemporaryAccessAuthorizeTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  @Test
  void answersAGoodTokenWithTheLoginsId() {
    String member = access.member();
    String grant = access.grant(member, READER);
    String token = access.token(member);
    String login = access.authorize(READER, token, "192.0.2.7");

    assertThat(login).matches("[0-9A-Za-z]{27}");
    assertThat(access.lastLogin())
        .containsEntry("id", login)
        .containsEntry("outcome", "accepted")
        .containsEntry("role", READER)
        .hasEntrySatisfying("user_id", id -> assertThat(id).hasToString(member))
        .hasEntrySatisfying("grant_id", id -> assertThat(id).hasToString(grant))
        .hasEntrySatisfying("client_addr", address -> assertThat(address).hasToString("192.0.2.7"));
    assertThat(access.event("login.accepted", login)).containsEntry("outcome", "ok");
  }

  @ParameterizedTest
  @CsvSource({
    "'10.0.0.0/8', 10.255.0.1, accepted",
    "'10.0.0.0/8', 11.0.0.1, address_not_allowed",
    "'10.0.0.0/8', ::ffff:10.1.2.3, accepted",
    "'10.0.0.0/8', ::ffff:11.1.2.3, address_not_allowed",
    "'::ffff:10.0.0.0/104', 10.1.2.3, accepted",
    "'0.0.0.0/0', 203.0.113.9, accepted",
    "'0.0.0.0/0', 2001:db8::1, address_not_allowed",
    "'::/0', 2001:db8::1, accepted",
    "'::/0', 10.1.2.3, address_not_allowed",
    "'::/0', ::ffff:10.1.2.3, address_not_allowed",
    "'2001:db8::/32', 2001:db8:ffff::1, accepted",
    "'2001:db8::/32', 2001:db9::1, address_not_allowed",
    "'192.0.2.1/32,2001:db8::1/128', 2001:db8::1, accepted",
    "'192.0.2.1/32,2001:db8::1/128', 192.0.2.2, address_not_allowed",
    "'', 2001:db8::1, accepted",
    "'', , accepted",
    "'10.0.0.0/8', , address_not_allowed"
  })
  void honoursNetworks(String networks, String address, String outcome) {
    String member = access.member();
    access.grant(member, READER, "{" + networks + "}");
    String login = access.authorize(READER, access.token(member), address);
    assertThat(access.lastOutcome()).isEqualTo(outcome);
    assertThat(login != null).isEqualTo(outcome.equals("accepted"));
  }

  @Test
  void aTokenMayBeNarrowerThanTheGrants() {
    String member = access.member();
    access.grant(member, READER, "{10.0.0.0/8}");
    access.grant(member, WRITER);
    String token =
        access
            .operator()
            .text(
                """
                select latchkey.create_access_token(
                  ?::uuid, 'build', now() + interval '1 d', array['access_reader', 'access_stranger'], '{10.1.0.0/16,192.0.2.0/24}'
                ) ->> 'token'
                """,
                member);
    assertThat(access.authorize(READER, token, "10.1.2.3")).isNotNull();
    assertThat(access.authorize(WRITER, token, "10.1.2.3")).isNull();
    assertThat(access.lastOutcome()).isEqualTo("role_not_allowed");
    assertThat(access.authorize(READER, token, "10.2.2.3")).isNull();
    assertThat(access.lastOutcome()).isEqualTo("address_not_allowed");
    assertThat(access.authorize(READER, token, "192.0.2.3")).isNull();
    assertThat(access.lastOutcome()).isEqualTo("address_not_allowed");
    assertThat(access.authorize("access_stranger", token, "10.1.2.3")).isNull();
    assertThat(access.lastOutcome()).isEqualTo("no_grant");
  }

  @Test
  void takesTheOpenGrantWhenThereAreOlderAndLaterOnes() {
    String member = access.member();
    String first = access.grant(member, READER);
    access.operator().rows("select latchkey.revoke_grant(?::uuid, 'x')", first);
    String open = access.grant(member, READER);
    access
        .operator()
        .rows(
            "select latchkey.grant_access(?::uuid, 'access_reader', now() + interval '9 h', now() + interval '5 h', null, 'x')",
            member);
    assertThat(access.authorize(READER, access.token(member))).isNotNull();
    assertThat(access.lastLogin())
        .hasEntrySatisfying("grant_id", id -> assertThat(id).hasToString(open));
  }

  @Test
  void aRoleThatBecameASuperuserIsRefused() {
    String member = access.member();
    access.superuser().execute("drop role if exists access_riser; create role access_riser login");
    try {
      access.grant(member, "access_riser");
      String token = access.token(member);
      assertThat(access.authorize("access_riser", token)).isNotNull();
      access.superuser().execute("alter role access_riser superuser");
      assertThat(access.authorize("access_riser", token)).isNull();
      assertThat(access.lastOutcome()).isEqualTo("role_not_allowed");
    } finally {
      access.superuser().execute("drop role access_riser");
    }
  }

  @Test
  void strangersAttemptsAreLoggedWithoutTheTokenAndAreNoEvents() {
    String unknown =
        access.superuser().text("select key from api_keys_private.generate_key('jit_')");
    long events = access.eventCount();
    assertThat(access.authorize(READER, unknown)).isNull();
    assertThat(access.lastLogin())
        .containsEntry("outcome", "unknown_token")
        .containsEntry("user_id", null)
        .containsEntry("token_id", null);
    assertThat(access.authorize(READER, null)).isNull();
    assertThat(access.lastOutcome()).isEqualTo("malformed");
    assertThat(access.authorize(null, "x")).isNull();
    assertThat(access.lastOutcome()).isEqualTo("malformed");
    assertThat(access.eventCount()).isEqualTo(events);
    assertThat(
            access
                .superuser()
                .number(
                    "select count(*) from temporary_access.logins where strpos(logins::text, ?) > 0",
                    unknown.substring(4, 31)))
        .isZero();
  }

  @Test
  void aRefusalOfAGenuineTokenIsAnEvent() {
    String member = access.member();
    String token = access.token(member);
    assertThat(access.authorize(READER, token)).isNull();
    assertThat(access.event("login.refused", access.lastLogin().get("id").toString()))
        .containsEntry("outcome", "refused")
        .containsEntry("code", "no_grant");
  }

  @Test
  void aTokenGivenAsTheRoleIsNotKept() {
    String member = access.member();
    String token = access.token(member);
    assertThat(access.authorize(token, token)).isNull();
    assertThat(access.lastLogin()).containsEntry("role", "jit_…");
  }

  @Test
  void aBackendPidGivenAtOnceTiesTheLoginToTheProcess() throws Exception {
    String member = access.member();
    access.grant(member, READER);
    String token = access.token(member);
    try (var connection = database.connectAs(READER)) {
      var sql = Sql.on(connection);
      int pid = (int) sql.number("select pg_backend_pid()");
      String login =
          access
              .gatekeeper()
              .text(
                  "select temporary_access.authorize(?, ?, '192.0.2.1'::inet, ?)",
                  READER,
                  token,
                  pid);
      assertThat(
              access.superuser().text("select login_id from latchkey.sessions where pid = ?", pid))
          .isEqualTo(login);
    }
  }
}
