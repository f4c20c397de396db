package dev.latchkey.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.database.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Rows of the views to records. */
final class PostgresAccessRows {
  private PostgresAccessRows() {}

  static Grant grant(Row row) throws SQLException {
    return new Grant(
        row.id("id"),
        person(row).orElseThrow(() -> new SQLException("a grant without a member", "LK-MEMBER")),
        row.label("role").orElse(""),
        GrantStatus.from(row.word("status")),
        row.moment("starts_at"),
        row.instant("expires_at"),
        row.labels("allowed_cidrs").orElse(List.of()),
        row.label("reason"),
        row.moment("granted_at"),
        row.label("granted_by_name"),
        row.integer("extension_count"),
        ending(row, "revoked_at", "revoked_by_name", "revoke_reason"),
        row.instant("last_login_at"),
        row.label("last_login_from"),
        row.integer("session_count"));
  }

  static Member member(Row row) throws SQLException {
    Optional<String> reason = row.label("block_reason");
    return new Member(
        person(row).orElseThrow(() -> new SQLException("a member without an id", "LK-MEMBER")),
        row.moment("created_at"),
        row.label("created_by_name"),
        row.instant("blocked_at").map(at -> new Ending(at, Optional.empty(), reason)),
        row.integer("grant_count"),
        row.integer("token_count"),
        row.integer("session_count"),
        row.instant("last_login_at"));
  }

  static AccessToken token(Row row) throws SQLException {
    return new AccessToken(
        row.id("id"),
        row.label("ksuid").orElse(""),
        person(row).orElseThrow(() -> new SQLException("a token without a member", "LK-MEMBER")),
        row.label("name").orElse(""),
        row.label("prefix").orElse(""),
        row.label("last4").orElse(""),
        TokenStatus.from(row.word("status")),
        row.instant("expires_at"),
        row.labels("roles"),
        row.labels("allowed_cidrs").orElse(List.of()),
        row.moment("created_at"),
        row.label("created_by_name"),
        row.instant("last_used_at"),
        row.label("last_used_from"),
        ending(row, "revoked_at", "revoked_by_name", "revoke_reason"));
  }

  static LiveSession session(Row row) throws SQLException {
    return new LiveSession(
        row.name("id"),
        row.integer("pid"),
        row.moment("backend_start"),
        row.label("role").orElse(""),
        row.label("database").orElse(""),
        person(row),
        row.uuid("grant_id"),
        row.uuid("token_id"),
        row.label("token_name"),
        row.label("client_addr"),
        row.label("application_name").orElse(""),
        row.label("state"),
        row.note("query").filter(query -> !query.isBlank()),
        row.instant("ends_at"),
        row.label("end_reason"));
  }

  static Login login(Row row) throws SQLException {
    return new Login(
        row.name("id"),
        row.moment("at"),
        row.label("role").orElse(""),
        row.label("client_addr"),
        new LoginOutcome(row.word("outcome")),
        person(row),
        row.label("token_name"),
        row.uuid("grant_id"),
        row.maybeInteger("backend_pid").stream().boxed().findFirst(),
        row.instant("ended_at"),
        row.label("ended_why"));
  }

  static AccessOverview overview(Row row) throws SQLException {
    JsonNode state = row.json("state").orElseThrow();
    JsonNode who = row.json("who").orElseThrow();
    return new AccessOverview(
        state.path("state").asText().equals("enabled"),
        instant(state, "changed_at"),
        instant(state, "enforced_at"),
        policy(state),
        new AccessOverview.Own(
            text(who, "user_id"), text(who, "grant_id"), text(who, "client_addr")),
        row.number("members"),
        row.number("grants"),
        row.maybeInteger("sessions"),
        text(state, "not_known").or(() -> text(state, "not_ended")));
  }

  private static Policy policy(JsonNode state) {
    JsonNode longest = state.path("max_duration_seconds");
    return new Policy(
        longest.isNumber() ? Optional.of(Duration.ofSeconds(longest.asLong())) : Optional.empty(),
        state.path("reason_required").asBoolean(true),
        text(state, "reason_pattern"),
        state.path("self_granting").asBoolean(false),
        state.path("networks_required").asBoolean(false));
  }

  static EndProof proof(Row row) throws SQLException {
    return EndProof.of(row.json("after").orElseThrow());
  }

  static AccessAfter after(Row row) throws SQLException {
    JsonNode after = row.json("after").orElseThrow();
    return new AccessAfter(
        after.path("own_access").asBoolean(false),
        after.path("operators_left").asInt(0),
        after.path("direct_operators").asInt(0));
  }

  private static Optional<Person> person(Row row) throws SQLException {
    Optional<UUID> id = row.uuid("user_id");
    String email = row.label("email").orElse("");
    String name = row.label("display_name").filter(text -> !text.isBlank()).orElse(email);
    return id.map(known -> new Person(known, name, email));
  }

  private static Optional<Ending> ending(Row row, String at, String by, String reason)
      throws SQLException {
    Optional<String> who = row.label(by);
    Optional<String> why = row.label(reason);
    return row.instant(at).map(when -> new Ending(when, who, why));
  }

  private static Optional<Instant> instant(JsonNode node, String field) {
    return text(node, field).map(at -> OffsetDateTime.parse(at).toInstant());
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty();
  }
}
