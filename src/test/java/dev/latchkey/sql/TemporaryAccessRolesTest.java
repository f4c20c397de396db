package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.PATIENCE_SECONDS;
import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static dev.latchkey.sql.TemporaryAccessFixture.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A member's roles as one set. */
class TemporaryAccessRolesTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  private String member;

  @BeforeEach
  void addMember() {
    member = access.member();
  }

  @Test
  void grantsChangesAndRevokesInOneCall() throws Exception {
    String kept = access.grant(member, READER);
    String dropped = access.grant(member, WRITER);
    String token = access.token(member);
    long before = access.eventCount();
    try (Connection stays = access.session(READER, token);
        Connection ends = access.session(WRITER, token)) {
      access.superuser().execute("drop role if exists \"access \"\"odd'\"");
      access.superuser().execute("create role \"access \"\"odd'\" login");
      Future<SQLException> ended = access.inMidQuery(ends);

      List<String> roles =
          set(
              member,
              """
              [{"role": "access_reader", "expires_at": %d},
               {"role": "access \\"odd'", "starts_at": "2031-01-01T00:00:00+01:00", "expires_at": "2031-01-01T12:00Z",
                "allowed_networks": {"allowed_cidrs": [{"cidr": "10.0.0.0/8"}, {"cidr": "10.0.0.0/8"}],
                                     "allowed_cidrs_v6": [{"cidr": "2001:db8::/32"}]}}]
              """
                  .formatted(System.currentTimeMillis() / 1000 + 7200));

      assertThat(roles)
          .containsExactly(
              "access \"odd' scheduled {10.0.0.0/8,2001:db8::/32}", "access_reader active {}");
      assertThat(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getSQLState()).isEqualTo("57P01");
      assertThat(stays.isValid(PATIENCE_SECONDS)).isTrue();
    } finally {
      access.superuser().execute("drop role \"access \"\"odd'\"");
    }
    assertThat(access.eventCount())
        .as("changed, created, revoked; two logins")
        .isEqualTo(before + 5);
    assertThat(access.event("grant.extended", kept)).containsEntry("reason", "set");
    assertThat(access.event("grant.revoked", dropped))
        .containsEntry("actor_id", "access_operator")
        .extractingByKey("after")
        .asString()
        .contains("\"sessions_ended\": 1", "\"sessions_left\": 0", "checked_at");
  }

  @Test
  void theSameSetAgainChangesNothing() {
    String roles =
        """
        [{"role": "access_reader", "expires_at": "2030-06-01T00:00:00Z", "starts_at": "2030-05-20T00:00:00Z"},
         {"role": "access_reader", "expires_at": "2030-04-01T00:00:00Z", "starts_at": "2030-03-20T00:00:00Z"}]
        """;
    List<String> first = set(member, roles);
    List<String> ids = ids(member);
    long before = access.eventCount();
    assertThat(set(member, roles)).isEqualTo(first).hasSize(2);
    assertThat(ids(member)).isEqualTo(ids);
    assertThat(access.eventCount()).isEqualTo(before);
  }

  @Test
  void aScheduledGrantIsMovedAndNotMadeAnew() {
    set(
        member,
        """
        [{"role": "access_reader", "starts_at": "2030-03-20T00:00:00Z", "expires_at": "2030-04-01T00:00:00Z"},
         {"role": "access_reader", "starts_at": "2030-05-20T00:00:00Z", "expires_at": "2030-06-01T00:00:00Z"}]
        """);
    List<String> ids = ids(member);
    set(
        member,
        """
        [{"role": "access_reader", "starts_at": "2030-03-10T00:00:00Z", "expires_at": "2030-03-15T00:00:00Z"},
         {"role": "access_reader", "starts_at": "2030-03-20T00:00:00Z", "expires_at": "2030-04-01T00:00:00Z"}]
        """);
    assertThat(ids(member)).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(access.event("grant.changed", ids.get(1)).get("after").toString())
        .contains("2030-03-15");
  }

  @Test
  void fewerNetworksEndTheSessionsThatAreOutside() throws Exception {
    access.grant(member, READER);
    String token = access.token(member);
    try (Connection inside = access.session(READER, token, "10.1.2.3");
        Connection outside = access.session(READER, token, "192.0.2.1")) {
      String login = access.loginOf(outside);
      set(
          member,
          """
          [{"role": "access_reader", "expires_at": %d, "allowed_networks": {"allowed_cidrs": [{"cidr": "10.0.0.0/8"}]}}]
          """
              .formatted(System.currentTimeMillis() / 1000 + 1800));
      assertThat(inside.isValid(PATIENCE_SECONDS)).isTrue();
      assertThat(outside.isValid(PATIENCE_SECONDS)).isFalse();
      assertThat(
              access.superuser().text("select ended_why from latchkey.logins where id = ?", login))
          .isEqualTo("address_not_allowed");
    }
  }

  @Test
  void theEmptySetRevokesEverything() {
    access.grant(member, READER);
    access.grant(member, WRITER);
    assertThat(set(member, "[]")).isEmpty();
    assertThat(
            access
                .superuser()
                .texts(
                    "select distinct status from latchkey.grants where user_id = ?::uuid", member))
        .containsExactly("revoked");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null | p_roles: must be an array
          {} | p_roles: must be an array
          ["access_reader"] | p_roles[1]: must be an object of role
          [{"expires_at": 1}] | p_roles[1]: must be an object of role
          [{"role": null}] | p_roles[1]: must be an object of role
          [{"role": "access_reader", "admin": true}] | p_roles[1]: must be an object of role
          [{"role": "access_reader", "branches_only": true}] | p_roles[1].branches_only: there are no branches
          [{"role": "postgres", "expires_at": :soon}] | p_roles[1].role: is not a role that can be granted
          [{"role": "access_reader\\"; drop role x; --", "expires_at": :soon}] | p_roles[1].role: is not a role that can be granted
          [{"role": "access_reader"}] | p_roles[1].expires_at: an end is required
          [{"role": "access_reader", "expires_at": 1}] | p_roles[1].expires_at: must be in the future
          [{"role": "access_reader", "expires_at": :soon000}] | p_roles[1].expires_at: must be in seconds since 1970
          [{"role": "access_reader", "expires_at": 1e300}] | p_roles[1].expires_at: must be in seconds since 1970
          [{"role": "access_reader", "expires_at": "tomorrow"}] | p_roles[1].expires_at: must be a time with its zone
          [{"role": "access_reader", "expires_at": "2030-01-01T00:00:00"}] | p_roles[1].expires_at: must be a time with its zone
          [{"role": "access_reader", "expires_at": "2030-02-31T00:00:00Z"}] | p_roles[1].expires_at: must be a time with its zone
          [{"role": "access_reader", "expires_at": true}] | p_roles[1].expires_at: must be a time with its zone
          [{"role": "access_reader", "expires_at": 99999999999, "starts_at": 99999990000}] | p_roles[1].starts_at: must be within 36,500 days
          [{"role": "access_reader", "expires_at": "infinity"}] | p_roles[1].expires_at: must be a time with its zone
          [{"role": "access_reader", "expires_at": :soon, "starts_at": 1}] | p_roles[1].starts_at: must not be in the past
          [{"role": "access_reader", "expires_at": :soon, "allowed_networks": []}] | p_roles[1].allowed_networks: must be an object
          [{"role": "access_reader", "expires_at": :soon, "allowed_networks": {"cidrs": []}}] | p_roles[1].allowed_networks: must be an object
          [{"role": "access_reader", "expires_at": :soon, "allowed_networks": {"allowed_cidrs": ["10.0.0.0/8"]}}] | p_roles[1].allowed_networks.allowed_cidrs: entry 1 must be
          [{"role": "access_reader", "expires_at": :soon, "allowed_networks": {"allowed_cidrs": [{"cidr": "::/0"}]}}] | p_roles[1].allowed_networks.allowed_cidrs: entry 1 must be
          [{"role": "access_reader", "expires_at": :soon, "allowed_networks": {"allowed_cidrs": [{"cidr": "10.0.0.1/8"}]}}] | p_roles[1].allowed_networks.allowed_cidrs: entry 1 must be
          [{"role": "access_reader", "expires_at": :soon}, {"role": "access_reader", "expires_at": :soon}] | p_roles[2]: is given this role twice
          """)
  void refusesABadSetAndLeavesTheOldOne(String roles, String message) {
    access.grant(member, WRITER);
    access.refuses(
        access.operator(),
        "22023",
        message,
        "select latchkey.set_member_roles(?::uuid, ?::jsonb, 'set')",
        member,
        roles.equals("null")
            ? null
            : roles.replace(":soon", "" + (System.currentTimeMillis() / 1000 + 600)));
    assertThat(
            access
                .superuser()
                .texts("select status from latchkey.grants where user_id = ?::uuid", member))
        .containsExactly("active");
  }

  @Test
  void nobodyWidensHisOwnAccessButMayGiveItBack() throws Exception {
    access.superuser().execute("grant latchkey_operator to access_writer");
    try {
      access.grant(member, WRITER);
      access.grant(member, READER);
      try (Connection own = access.session(WRITER, access.token(member))) {
        String call = "select count(*) from latchkey.set_member_roles(?::uuid, ?::jsonb, 'mine')";
        long soon = System.currentTimeMillis() / 1000 + 600;
        String less = "[{\"role\": \"access_writer\", \"expires_at\": %d}]".formatted(soon);
        access.refuses(
            Sql.on(own),
            "42501",
            "Granting access to oneself is not allowed",
            call,
            member,
            "[{\"role\": \"access_writer\", \"expires_at\": %d}]".formatted(soon + 86400));
        assertThat(Sql.on(own).number(call, member, less)).isEqualTo(1);
      }
    } finally {
      access.superuser().execute("revoke latchkey_operator from access_writer");
    }
  }

  @Test
  void twoSetsAtOnceLeaveOneOfThem() throws Exception {
    String reader =
        "[{\"role\": \"access_reader\", \"expires_at\": \"2031-01-02T00:00Z\", \"starts_at\": \"2031-01-01T00:00Z\"}]";
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection first = database.connectAs(TemporaryAccessFixture.OPERATOR)) {
      first.setAutoCommit(false);
      Sql.on(first)
          .rows("select latchkey.set_member_roles(?::uuid, ?::jsonb, 'first')", member, reader);
      Future<List<String>> second =
          others.submit(() -> set(member, reader.replace("reader", "writer")));
      access.awaitBlocked("set_member_roles");
      first.commit();
      assertThat(second.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .containsExactly("access_writer scheduled {}");
    }
  }

  @Test
  void aLoginUnderWayIsSeenOrRefused() throws Exception {
    access.grant(member, READER);
    String token = access.token(member);
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection deciding = database.connectAs(TemporaryAccessFixture.GATEKEEPER)) {
      deciding.setAutoCommit(false);
      String login =
          Sql.on(deciding)
              .text("select temporary_access.authorize(?, ?, '192.0.2.1'::inet)", READER, token);
      Future<List<String>> emptied = others.submit(() -> set(member, "[]"));
      access.awaitBlocked("set_member_roles");
      deciding.commit();
      assertThat(emptied.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEmpty();
      assertThat(
              access.superuser().text("select ended_why from latchkey.logins where id = ?", login))
          .isEqualTo("grant_revoked");
      assertThat(access.authorize(READER, token)).isNull();
    }
  }

  @Test
  void aBlockedOrUnknownMemberIsGivenNothing() {
    String call = "select latchkey.set_member_roles(?::uuid, ?::jsonb, 'x')";
    String roles =
        "[{\"role\": \"access_reader\", \"expires_at\": %d}]"
            .formatted(System.currentTimeMillis() / 1000 + 600);
    access.operator().rows("select latchkey.block_member(?::uuid, 'left')", member);
    access.refuses(access.operator(), "PT409", "The member is blocked", call, member, roles);
    assertThat(set(member, "[]")).isEmpty();
    access.refuses(
        access.operator(),
        "PT404",
        "Member not found",
        call,
        "00000000-0000-4000-8000-000000000000",
        "[]");
  }

  private static List<String> set(String member, String roles) {
    return access
        .operator()
        .texts(
            "select role || ' ' || status || ' ' || allowed_cidrs::text from latchkey.set_member_roles(?::uuid, ?::jsonb, 'set')",
            member,
            roles);
  }

  private static List<String> ids(String member) {
    return access
        .superuser()
        .texts(
            "select id from latchkey.grants where user_id = ?::uuid and revoked_at is null order by starts_at",
            member);
  }
}
