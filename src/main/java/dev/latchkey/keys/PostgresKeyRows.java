package dev.latchkey.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.scopes.StoredScopes;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;

/** Rows of the views to records. */
final class PostgresKeyRows {
  private static final JsonMapper JSON = new JsonMapper();

  private PostgresKeyRows() {}

  /** The calls with a key on one of the last days; 0 days ago is today. */
  record Day(UUID key, int ago, long count) {}

  /** How many keys are alike in all that is counted. */
  record Group(
      KeyKind kind,
      KeyStatus status,
      boolean unused,
      boolean neverUsed,
      boolean kindMatches,
      boolean statusMatches,
      long count) {}

  static ApiKey key(ResultSet row, StatementContext context) throws SQLException {
    return new ApiKey(
        row.getObject("id", UUID.class),
        text(row, "ksuid").orElse(""),
        KeyKind.from(row.getString("kind")),
        owner(row),
        row.getString("name"),
        text(row, "description").orElse(""),
        row.getString("key_prefix"),
        text(row, "last4").orElse(""),
        row.getString("role"),
        scopes(row.getString("scopes")),
        KeyStatus.from(row.getString("status")),
        instant(row, "expires_at"),
        instant(row, "created_at").orElse(Instant.EPOCH),
        text(row, "created_by_name"),
        instant(row, "last_used_at"),
        text(row, "last_used_from"),
        revocation(row),
        List.of(strings(row)),
        Optional.ofNullable(row.getObject("rate_limit", Integer.class)),
        row.getInt("version"),
        instant(row, "updated_at").orElse(Instant.EPOCH),
        row.getInt("unused_days"),
        row.getBoolean("never_used"));
  }

  static Group group(ResultSet row, StatementContext context) throws SQLException {
    return new Group(
        KeyKind.from(row.getString("kind")),
        KeyStatus.from(row.getString("status")),
        row.getBoolean("unused"),
        row.getBoolean("never_used"),
        row.getBoolean("kind_matches"),
        row.getBoolean("status_matches"),
        row.getLong("count"));
  }

  static Day day(ResultSet row, StatementContext context) throws SQLException {
    return new Day(
        row.getObject("api_key_id", UUID.class), row.getInt("ago"), row.getLong("count"));
  }

  static UsageDay usageDay(ResultSet row, StatementContext context) throws SQLException {
    return new UsageDay(
        row.getObject("day", LocalDate.class),
        row.getLong("ok"),
        row.getLong("client_errors"),
        row.getLong("denied"),
        row.getLong("server_errors"));
  }

  static KeyEvent event(ResultSet row, StatementContext context) throws SQLException {
    return new KeyEvent(
        row.getString("id"),
        instant(row, "occurred_at").orElse(Instant.EPOCH),
        text(row, "actor_display").orElse("unknown"),
        row.getString("type"),
        row.getString("outcome"),
        text(row, "reason"));
  }

  static Account account(ResultSet row, StatementContext context) throws SQLException {
    return new Account(row.getObject("id", UUID.class), row.getString("name"));
  }

  private static Optional<Account> owner(ResultSet row) throws SQLException {
    UUID id = row.getObject("account_id", UUID.class);
    String name = text(row, "account_name").orElse("Deleted account");
    return Optional.ofNullable(id).map(known -> new Account(known, name));
  }

  private static Optional<ApiKey.Revocation> revocation(ResultSet row) throws SQLException {
    Optional<String> by = text(row, "revoked_by_name");
    Optional<String> reason = text(row, "revoke_reason");
    return instant(row, "revoked_at").map(at -> new ApiKey.Revocation(at, by, reason));
  }

  private static StoredScopes scopes(String stored) throws SQLException {
    try {
      return StoredScopes.from(JSON.readTree(stored));
    } catch (JsonProcessingException exception) {
      throw new SQLException("scopes are no JSON", "LK-JSON", exception);
    }
  }

  private static String[] strings(ResultSet row) throws SQLException {
    Array networks = row.getArray("allowed_cidrs");
    return networks == null ? new String[0] : (String[]) networks.getArray();
  }

  private static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .filter(at -> !at.equals(OffsetDateTime.MAX) && !at.equals(OffsetDateTime.MIN))
        .map(OffsetDateTime::toInstant);
  }
}
