package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policy that grants and tokens must keep, and what it asks of those who grant. */
class TemporaryAccessPolicyTest {
  private static final String GRANT =
      "select id from latchkey.grant_access(?::uuid, 'access_reader', now() + interval '1 h', null, ?::cidr[], ?)";

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  @AfterEach
  void asInstalled() {
    set(
        """
        {"max_duration": "90 days", "reason_required": true, "reason_pattern": null, "self_granting": false, "networks_required": false}
        """);
  }

  @Test
  void changesOnlyWhatIsNamedAndSaysSoInOneEvent() {
    long before = access.eventCount();
    String state = set("{\"max_duration\": \"P2DT12H\", \"reason_pattern\": \" ^INC-[0-9]+ \"}");
    assertThat(state)
        .isEqualTo(access.operator().text("select latchkey.temporary_access_state()"))
        .contains(
            "\"max_duration\": \"2 days 12 hours\"",
            "\"max_duration_seconds\": 216000",
            "\"reason_pattern\": \"^INC-[0-9]+\"",
            "\"reason_required\": true",
            "\"networks_required\": false",
            "\"self_granting\": false",
            "\"state\": \"enabled\"");
    assertThat(access.eventCount()).isEqualTo(before + 1);
    var event = access.event("access.policy_changed", "access_policy");
    assertThat(event).containsEntry("actor_id", "access_operator").containsEntry("outcome", "ok");
    assertThat(event.get("before").toString()).contains("90 days");
    assertThat(event.get("after").toString()).contains("2 days 12 hours", "^INC-[0-9]+");

    set("{\"max_duration\": \"60 hours\"}");
    set("{}");
    assertThat(access.eventCount()).as("the same again is no event").isEqualTo(before + 1);
  }

  @Test
  void theStateCountsMembersGrantsAndSessions() throws Exception {
    String question =
        """
        select (state ->> 'members')::int * 1000 + (state ->> 'live_grants')::int * 100 + (state ->> 'scheduled_grants')::int * 10
          + (state ->> 'live_sessions')::int
        from latchkey.temporary_access_state() as state
        """;
    long before = access.operator().number(question);
    String member = access.member();
    access.grant(member, READER);
    access
        .operator()
        .rows(
            "select latchkey.grant_access(?::uuid, 'access_writer', now() + interval '2 h', now() + interval '1 h', null, 'x')",
            member);
    try (var session = access.session(READER, access.token(member))) {
      assertThat(session.isValid(30)).isTrue();
      assertThat(access.operator().number(question) - before).isEqualTo(1111);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"max_duration": "3 months"}         | 90 days
          {"max_duration": "1 year 1 month"}   | 395 days
          {"max_duration": "P30D"}             | 30 days
          {"max_duration": "PT90M"}            | 1 hour 30 minutes
          {"max_duration": "8 hours"}          | 8 hours
          {"max_duration": "1 minute"}         | 1 minute
          {"max_duration": null}               | null
          """)
  void takesDurationsInWordsOrIso(String changes, String stored) {
    assertThat(set(changes))
        .contains("\"max_duration\": " + (stored.equals("null") ? "null" : '"' + stored + '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null                                        | p_changes: must be an object with fields of max_duration
          '[]'                                        | p_changes: must be an object with fields of max_duration
          '{"max_durations": "1 day"}'                | p_changes: must be an object with fields of max_duration
          '{"max_duration": 90}'                      | p_changes.max_duration: must be a duration
          '{"max_duration": "90"}'                    | p_changes.max_duration: must be a duration
          '{"max_duration": "1 day; drop table x"}'   | p_changes.max_duration: must be a duration
          '{"max_duration": "infinity"}'              | p_changes.max_duration: must be a duration
          '{"max_duration": "99999999999999 years"}'  | p_changes.max_duration: must be a duration
          '{"max_duration": "-1 day"}'                | p_changes.max_duration: must be between 1 minute
          '{"max_duration": "59 seconds"}'            | p_changes.max_duration: must be between 1 minute
          '{"max_duration": "101 years"}'             | p_changes.max_duration: must be between 1 minute
          '{"reason_required": "yes"}'                | p_changes.reason_required: must be true or false
          '{"reason_required": null}'                 | p_changes.reason_required: must be true or false
          '{"self_granting": 1}'                      | p_changes.self_granting: must be true or false
          '{"networks_required": []}'                 | p_changes.networks_required: must be true or false
          '{"reason_pattern": 7}'                     | p_changes.reason_pattern: must be a regular expression
          '{"reason_pattern": "INC-("}'               | p_changes.reason_pattern: is not a regular expression
          '{"reason_pattern": "[z-a]"}'               | p_changes.reason_pattern: is not a regular expression
          '{"reason_pattern": "((a{255}){255}){255}"}' | p_changes.reason_pattern: is not a regular expression
          '{"reason_pattern": "(a*)*\\\\1"}'          | p_changes.reason_pattern: back-references are not allowed
          '{"reason_pattern": "a\\nb"}'               | p_changes.reason_pattern: must not contain control characters
          jsonb_build_object('reason_pattern', repeat('a', 201)) | p_changes.reason_pattern: must have at most 200 characters
          """)
  void refusesBadChanges(String changes, String message) {
    access.refuses(
        access.operator(),
        "22023",
        message,
        "select latchkey.set_access_policy(%s)".formatted(changes));
  }

  @Test
  void aPatternThatExplodesElsewhereIsJustCheckedHere() {
    set("{\"reason_pattern\": \"^(([a-z])+.)+[A-Z]([a-z])+$\"}");
    access.refuses(
        access.operator(),
        "22023",
        "p_reason: does not have the form that the policy asks for",
        GRANT,
        access.member(),
        null,
        "a".repeat(500));
  }

  @Test
  void thePatternAsksNothingOfAReasonThatIsNotNeeded() {
    set("{\"reason_pattern\": \"^INC-\", \"reason_required\": false}");
    assertThat(access.operator().text(GRANT, access.member(), null, null)).isNotNull();
    access.refuses(
        access.operator(),
        "22023",
        "p_reason: does not have the form",
        GRANT,
        access.member(),
        null,
        "because");
  }

  @Test
  void aGrantMayHaveToNameItsNetworks() {
    set("{\"networks_required\": true}");
    String message = "p_allowed_cidrs: the policy asks for the networks";
    for (String networks : new String[] {null, "{}", "{0.0.0.0/0}", "{10.0.0.0/8,::/0}"}) {
      access.refuses(access.operator(), "22023", message, GRANT, access.member(), networks, "x");
    }
    String grant = access.operator().text(GRANT, access.member(), "{10.0.0.0/8}", "x");
    access.refuses(
        access.operator(),
        "22023",
        "p_changes.allowed_cidrs: the policy asks for the networks",
        "select latchkey.change_grant(?::uuid, '{\"allowed_cidrs\": null}', 'x')",
        grant);
    access.refuses(
        access.operator(),
        "22023",
        "p_roles[1].allowed_networks: the policy asks for the networks",
        """
        select latchkey.set_member_roles(?::uuid, jsonb_build_array(jsonb_build_object('role', 'access_reader', 'expires_at', now() + interval '1 h')), 'x')
        """,
        access.member());
  }

  @Test
  void whatIsGrantedAlreadyStaysAsItIs() {
    String member = access.member();
    String grant = access.grant(member, READER);
    set("{\"max_duration\": \"10 minutes\", \"networks_required\": true}");
    assertThat(
            access
                .operator()
                .truth(
                    "select status = 'active' and expires_at > now() + interval '50 min' from latchkey.grants where id = ?::uuid",
                    grant))
        .isTrue();
    access.refuses(
        access.operator(),
        "22023",
        "p_expires_at: at most 10 minutes from now",
        "select latchkey.extend_grant(?::uuid, now() + interval '2 h', 'x')",
        grant);
    access.refuses(
        access.operator(),
        "22023",
        "p_expires_at: at most 10 minutes from now",
        "select latchkey.create_access_token(?::uuid, 'x', now() + interval '2 h')",
        member);
  }

  private static String set(String changes) {
    return access.operator().text("select latchkey.set_access_policy(?::jsonb)", changes);
  }
}
