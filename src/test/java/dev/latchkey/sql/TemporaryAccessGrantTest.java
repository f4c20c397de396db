package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static dev.latchkey.sql.TemporaryAccessFixture.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.TestDatabase;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemporaryAccessGrantTest {
  private static final String MISSING = "00000000-0000-4000-8000-000000000000";

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  @Test
  void grantsARoleAndSaysSoInOneEvent() {
    String member = access.member();
    long before = access.eventCount();
    var grant =
        access
            .operator()
            .row(
                """
                select id::text, status, role, allowed_cidrs::text as networks, reason, granted_by_name,
                  session_count, expires_at > starts_at as ends_later
                from latchkey.grant_access(
                  ?::uuid, 'access_reader', now() + interval '4 hours', null,
                  '{10.0.0.0/8,2001:db8::/32,10.0.0.0/8,::ffff:192.0.2.0/120}', '  Ticket 8812 ')
                """,
                member);
    assertThat(grant)
        .containsEntry("status", "active")
        .containsEntry("role", READER)
        .containsEntry("networks", "{10.0.0.0/8,192.0.2.0/24,2001:db8::/32}")
        .containsEntry("reason", "Ticket 8812")
        .containsEntry("granted_by_name", "access_operator")
        .containsEntry("session_count", 0L)
        .containsEntry("ends_later", true);
    assertThat(access.eventCount()).isEqualTo(before + 1);
    assertThat(access.event("grant.created", grant.get("id").toString()))
        .containsEntry("outcome", "ok")
        .containsEntry("reason", "Ticket 8812")
        .containsEntry("before", null)
        .extractingByKey("after")
        .asString()
        .contains("192.0.2.0/24", member);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null                               | 'Incident 1' | p_role: is not a role that can be granted
          'postgres'                         | 'Incident 1' | p_role: is not a role that can be granted
          'no_such_role'                     | 'Incident 1' | p_role: is not a role that can be granted
          'pg_monitor'                       | 'Incident 1' | p_role: is not a role that can be granted
          'authenticator'                    | 'Incident 1' | p_role: is not a role that can be granted
          'latchkey_gatekeeper'              | 'Incident 1' | p_role: is not a role that can be granted
          'latchkey_operator'                | 'Incident 1' | p_role: is not a role that can be granted
          'access_reader'                    | null         | p_reason: a reason is required
          'access_reader'                    | E'a\\tb'      | p_reason: must not contain control characters
          'access_reader'                    | '  '         | p_reason: a reason is required
          'access_reader'                    | repeat('x', 501) | p_reason: must have at most 500 characters
          """)
  void refusesABadRoleOrReason(String role, String reason, String message) {
    access.refuses(
        access.operator(),
        "22023",
        message,
        "select latchkey.grant_access(?::uuid, %s, now() + interval '1 h', null, null, %s)"
            .formatted(role, reason),
        access.member());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null                         | null                       | p_expires_at: an end is required, at most 90 days
          now()                        | null                       | p_expires_at: must be in the future
          now() - interval '1 d'       | null                       | p_expires_at: must be in the future
          now() + interval '91 d'      | null                       | p_expires_at: at most 90 days
          'infinity'                   | null                       | p_expires_at: must be a point in time
          '-infinity'                  | null                       | p_expires_at: must be a point in time
          now() + interval '1 h'       | now() + interval '2 h'     | p_expires_at: must be in the future and after the start
          now() + interval '1 h'       | now() - interval '1 d'     | p_starts_at: must not be in the past
          now() + interval '1 h'       | '-infinity'                | p_starts_at: must be a point in time
          now() + interval '1 h'       | 'infinity'                 | p_starts_at: must be a point in time
          '294276-12-31 23:00Z'        | '294276-12-31 22:00Z'      | p_starts_at: must be within 36,500 days
          '294276-12-31 23:00Z'        | null                       | p_expires_at: at most 90 days
          '4714-11-24 BC'              | '4714-11-24 BC'            | p_starts_at: must not be in the past
          """)
  void refusesABadPeriod(String end, String start, String message) {
    access.refuses(
        access.operator(),
        "22023",
        message,
        "select latchkey.grant_access(?::uuid, 'access_reader', %s, %s, null, 'x')"
            .formatted(end, start),
        access.member());
  }

  @Test
  void refusesNetworksThatAreNone() {
    access.refuses(
        access.operator(),
        "22023",
        "p_allowed_cidrs: an entry is null",
        "select latchkey.grant_access(?::uuid, 'access_reader', now() + interval '1 h', null, '{null}', 'x')",
        access.member());
  }

  @Test
  void countsTheLongestDurationFromAScheduledStart() {
    assertThat(
            access
                .operator()
                .text(
                    "select status from latchkey.grant_access(?::uuid, 'access_reader',"
                        + " now() + interval '120 d', now() + interval '31 d', null, 'x')",
                    access.member()))
        .isEqualTo("scheduled");
  }

  @Test
  void followsThePolicy() {
    String member = access.member();
    access
        .superuser()
        .execute(
            "update temporary_access.settings set max_duration = null, reason_required = false, reason_pattern = '^INC-[0-9]+'");
    try {
      access.refuses(
          access.operator(),
          "22023",
          "p_reason: does not have the form that the policy asks for",
          "select latchkey.grant_access(?::uuid, 'access_reader', null, null, null, 'because')",
          member);
      assertThat(
              access
                  .operator()
                  .text(
                      "select status from latchkey.grant_access(?::uuid, 'access_reader', null, null, null, 'INC-7')",
                      member))
          .isEqualTo("active");
    } finally {
      access
          .superuser()
          .execute(
              "update temporary_access.settings set max_duration = interval '90 d', reason_required = true, reason_pattern = null");
    }
  }

  @Test
  void refusesASecondGrantForTheSameRoleAndTime() {
    String member = access.member();
    access.grant(member, READER);
    access.refuses(
        access.operator(),
        "PT409",
        "The member has another grant for this role in that time",
        "select latchkey.grant_access(?::uuid, 'access_reader', now() + interval '2 h', null, null, 'x')",
        member);
    assertThat(access.grant(member, WRITER)).isNotNull();
    access
        .operator()
        .rows(
            "select latchkey.grant_access(?::uuid, 'access_reader', now() + interval '9 h', now() + interval '5 h', null, 'x')",
            member);
  }

  @Test
  void refusesAnUnknownOrBlockedMember() {
    String call =
        "select latchkey.grant_access(?::uuid, 'access_reader', now() + interval '1 h', null, null, 'x')";
    access.refuses(access.operator(), "PT404", "Member not found", call, MISSING);
    access.refuses(access.operator(), "22023", "p_user_id: must not be null", call, (Object) null);
    String member = access.member();
    access.operator().rows("select latchkey.block_member(?::uuid, 'left')", member);
    access.refuses(access.operator(), "PT409", "The member is blocked", call, member);
  }

  @Test
  void derivesTheStatus() {
    assertThat(
            access
                .superuser()
                .texts(
                    """
                    select temporary_access.grant_status(now() + starts, now() + ends, now() + revoked, now())
                    from (
                      values
                        (1, interval '-1 h', interval '1 h', null::interval),
                        (2, '0', '1 h', null),
                        (3, '-1 h', '30 min', null),
                        (4, '-1 h', '31 min', null),
                        (5, '-1 h', null, null),
                        (6, '1 s', '1 h', null),
                        (7, '1 s', null, null),
                        (8, '-2 h', '0', null),
                        (9, '-2 h', '1 h', '-1 min'),
                        (10, '-2 h', '-1 h', '-1 min')
                    ) as samples (number, starts, ends, revoked)
                    order by number
                    """))
        .containsExactly(
            "active",
            "active",
            "expiring",
            "active",
            "active",
            "scheduled",
            "scheduled",
            "expired",
            "revoked",
            "revoked");
  }

  /** What the server's own arithmetic, or its input, would trip over. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'infinity'        | p_expires_at: must be a point in time
          '-infinity'       | p_expires_at: must be a point in time
          '294276-12-31'    | p_expires_at: at most 90 days
          '4714-11-24 BC'   | p_expires_at: must be in the future
          """,
      quoteCharacter = '`')
  void refusesAnAbsurdEnd(String end, String message) {
    String member = access.member();
    String grant = access.grant(member, READER);
    access.refuses(
        access.operator(),
        "22023",
        message,
        "select latchkey.extend_grant(?::uuid, %s, 'x')".formatted(end),
        grant);
    access.refuses(
        access.operator(),
        "22023",
        message,
        "select latchkey.create_access_token(?::uuid, 'x', %s)".formatted(end),
        member);
  }

  @Test
  void extendsAGrantThatHasNotEnded() {
    String grant = access.grant(access.member(), READER);
    var extended =
        access
            .operator()
            .row(
                "select status, extension_count, expires_at > now() + interval '7 h' as later"
                    + " from latchkey.extend_grant(?::uuid, now() + interval '8 h', 'still at it')",
                grant);
    assertThat(extended)
        .containsEntry("status", "active")
        .containsEntry("extension_count", 1)
        .containsEntry("later", true);
    assertThat(access.event("grant.extended", grant))
        .containsEntry("reason", "still at it")
        .extractingByKey("before")
        .asString()
        .contains("expires_at");

    String call = "select latchkey.extend_grant(?::uuid, now() + %s, 'x')";
    access.refuses(
        access.operator(),
        "22023",
        "p_expires_at: must be later than the present end",
        call.formatted("interval '1 h'"),
        grant);
    access.refuses(
        access.operator(),
        "22023",
        "p_expires_at: at most 90 days",
        call.formatted("interval '91 d'"),
        grant);
    access.refuses(
        access.operator(), "PT404", "Grant not found", call.formatted("interval '1 h'"), MISSING);
  }

  @Test
  void endedGrantsStayAsTheyAre() {
    String revoked = access.grant(access.member(), READER);
    var row =
        access
            .operator()
            .row(
                "select status, revoke_reason, revoked_by_name from latchkey.revoke_grant(?::uuid, 'done')",
                revoked);
    assertThat(row)
        .containsEntry("status", "revoked")
        .containsEntry("revoke_reason", "done")
        .containsEntry("revoked_by_name", "access_operator");
    String expired = access.grant(access.member(), READER);
    access
        .superuser()
        .execute(
            "update temporary_access.grants set starts_at = now() - interval '2 h', expires_at = now() - interval '1 h' where id = ?::uuid",
            expired);

    String revoke = "select latchkey.revoke_grant(?::uuid, 'x')";
    access.refuses(access.operator(), "PT409", "The grant is revoked already", revoke, revoked);
    access.refuses(access.operator(), "PT409", "The grant has expired already", revoke, expired);
    String extend = "select latchkey.extend_grant(?::uuid, now() + interval '2 h', 'x')";
    access.refuses(access.operator(), "PT409", "The grant has ended", extend, revoked);
    access.refuses(access.operator(), "PT409", "The grant has ended", extend, expired);
  }

  @Test
  void proposesOnlyRolesThatAreNobodysOwn() {
    access
        .superuser()
        .execute(
            """
            drop role if exists access_boss;
            create role access_boss login;
            grant postgres to access_boss;
            drop role if exists access_doorman;
            create role access_doorman login in role latchkey_gatekeeper;
            drop role if exists access_team;
            create role access_team nologin
            """);
    try {
      assertThat(access.operator().texts("select * from latchkey.assignable_roles()"))
          .contains(READER, WRITER)
          .doesNotContain(
              "postgres",
              "access_boss",
              "access_doorman",
              "access_team",
              "authenticator",
              "anon",
              "service_role",
              "latchkey_gatekeeper",
              "latchkey_operator",
              "pg_monitor");
    } finally {
      access
          .superuser()
          .execute("drop role access_boss; drop role access_doorman; drop role access_team");
    }
  }
}
