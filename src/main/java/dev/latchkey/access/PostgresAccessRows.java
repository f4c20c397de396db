package dev.latchkey.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.StatementContext;

/** Rows of the views to records. */
final class PostgresAccessRows {
  private static final JsonMapper JSON = new JsonMapper();

  /** Also the marks that turn the direction of writing, which can make a name read otherwise. */
  private static final Pattern CONTROL =
      Pattern.compile(
          "[\\u0000-\\u001F\\u007F-\\u009F\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]");

  private PostgresAccessRows() {}

  static Grant grant(ResultSet row, StatementContext context) throws SQLException {
    return new Grant(
        row.getObject("id", UUID.class),
        person(row).orElseThrow(() -> new SQLException("a grant without a member", "LK-MEMBER")),
        label(row, "role").orElse(""),
        GrantStatus.from(row.getString("status")),
        instant(row, "starts_at").orElse(Instant.EPOCH),
        instant(row, "expires_at"),
        strings(row, "allowed_cidrs").orElse(List.of()),
        label(row, "reason"),
        instant(row, "granted_at").orElse(Instant.EPOCH),
        label(row, "granted_by_name"),
        row.getInt("extension_count"),
        ending(row, "revoked_at", "revoked_by_name", "revoke_reason"),
        instant(row, "last_login_at"),
        label(row, "last_login_from"),
        row.getInt("session_count"));
  }

  static Member member(ResultSet row, StatementContext context) throws SQLException {
    Optional<String> reason = label(row, "block_reason");
    return new Member(
        person(row).orElseThrow(() -> new SQLException("a member without an id", "LK-MEMBER")),
        instant(row, "created_at").orElse(Instant.EPOCH),
        label(row, "created_by_name"),
        instant(row, "blocked_at").map(at -> new Ending(at, Optional.empty(), reason)),
        row.getInt("grant_count"),
        row.getInt("token_count"),
        row.getInt("session_count"),
        instant(row, "last_login_at"));
  }

  static AccessToken token(ResultSet row, StatementContext context) throws SQLException {
    return new AccessToken(
        row.getObject("id", UUID.class),
        label(row, "ksuid").orElse(""),
        person(row).orElseThrow(() -> new SQLException("a token without a member", "LK-MEMBER")),
        label(row, "name").orElse(""),
        label(row, "prefix").orElse(""),
        label(row, "last4").orElse(""),
        TokenStatus.from(row.getString("status")),
        instant(row, "expires_at"),
        strings(row, "roles"),
        strings(row, "allowed_cidrs").orElse(List.of()),
        instant(row, "created_at").orElse(Instant.EPOCH),
        label(row, "created_by_name"),
        instant(row, "last_used_at"),
        label(row, "last_used_from"),
        ending(row, "revoked_at", "revoked_by_name", "revoke_reason"));
  }

  static LiveSession session(ResultSet row, StatementContext context) throws SQLException {
    return new LiveSession(
        row.getString("id"),
        row.getInt("pid"),
        instant(row, "backend_start").orElse(Instant.EPOCH),
        label(row, "role").orElse(""),
        label(row, "database").orElse(""),
        person(row),
        Optional.ofNullable(row.getObject("grant_id", UUID.class)),
        Optional.ofNullable(row.getObject("token_id", UUID.class)),
        label(row, "token_name"),
        label(row, "client_addr"),
        label(row, "application_name").orElse(""),
        label(row, "state"),
        Optional.ofNullable(row.getString("query")).filter(query -> !query.isBlank()),
        instant(row, "ends_at"),
        label(row, "end_reason"));
  }

  static Login login(ResultSet row, StatementContext context) throws SQLException {
    return new Login(
        row.getString("id"),
        instant(row, "at").orElse(Instant.EPOCH),
        label(row, "role").orElse(""),
        label(row, "client_addr"),
        new LoginOutcome(row.getString("outcome")),
        person(row),
        label(row, "token_name"),
        Optional.ofNullable(row.getObject("grant_id", UUID.class)),
        Optional.ofNullable(row.getObject("backend_pid", Integer.class)),
        instant(row, "ended_at"),
        label(row, "ended_why"));
  }

  static AccessOverview overview(ResultSet row, StatementContext context) throws SQLException {
    JsonNode state = json(row.getString("state"));
    JsonNode who = json(row.getString("who"));
    return new AccessOverview(
        state.path("state").asText().equals("enabled"),
        instant(state, "changed_at"),
        instant(state, "enforced_at"),
        policy(state),
        new AccessOverview.Own(
            text(who, "user_id"), text(who, "grant_id"), text(who, "client_addr")),
        row.getLong("members"),
        row.getLong("grants"),
        row.getLong("sessions"));
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

  static EndProof proof(ResultSet row, StatementContext context) throws SQLException {
    return new EndProof(
        row.getInt("sessions_ended"),
        row.getInt("sessions_left"),
        instant(row, "checked_at").orElse(Instant.EPOCH));
  }

  static AccessAfter after(ResultSet row, StatementContext context) throws SQLException {
    JsonNode after = json(row.getString("after"));
    return new AccessAfter(
        after.path("own_access").asBoolean(false),
        after.path("operators_left").asInt(0),
        after.path("direct_operators").asInt(0));
  }

  private static Optional<Person> person(ResultSet row) throws SQLException {
    UUID id = row.getObject("user_id", UUID.class);
    String email = label(row, "email").orElse("");
    String name = label(row, "display_name").filter(text -> !text.isBlank()).orElse(email);
    return Optional.ofNullable(id).map(known -> new Person(known, name, email));
  }

  private static Optional<Ending> ending(ResultSet row, String at, String by, String reason)
      throws SQLException {
    Optional<String> who = label(row, by);
    Optional<String> why = label(row, reason);
    return instant(row, at).map(when -> new Ending(when, who, why));
  }

  /** A text for one line of a screen, whatever somebody has put into it. */
  private static Optional<String> label(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column))
        .map(text -> CONTROL.matcher(text).replaceAll("\uFFFD"));
  }

  private static Optional<List<String>> strings(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    if (array == null) {
      return Optional.empty();
    }
    return Optional.of(
        Stream.of((String[]) array.getArray())
            .map(text -> CONTROL.matcher(String.valueOf(text)).replaceAll("\uFFFD"))
            .toList());
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .filter(at -> !at.equals(OffsetDateTime.MAX) && !at.equals(OffsetDateTime.MIN))
        .map(OffsetDateTime::toInstant);
  }

  private static Optional<Instant> instant(JsonNode node, String field) {
    return text(node, field).map(at -> OffsetDateTime.parse(at).toInstant());
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty();
  }

  private static JsonNode json(String text) throws SQLException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException exception) {
      throw new SQLException("the answer is no JSON", "LK-JSON", exception);
    }
  }
}
