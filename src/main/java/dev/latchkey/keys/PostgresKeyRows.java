package dev.latchkey.keys;

import dev.latchkey.database.Row;
import dev.latchkey.scopes.StoredScopes;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Rows of the views to records. */
final class PostgresKeyRows {
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

  static ApiKey key(Row row) throws SQLException {
    return new ApiKey(
        row.id("id"),
        row.label("ksuid").orElse(""),
        KeyKind.from(row.word("kind")),
        owner(row),
        row.name("name"),
        row.note("description").orElse(""),
        row.name("key_prefix"),
        row.label("last4").orElse(""),
        row.name("role"),
        row.json("scopes").map(StoredScopes::from).orElseThrow(),
        KeyStatus.from(row.word("status")),
        row.instant("expires_at"),
        row.moment("created_at"),
        row.label("created_by_name"),
        row.instant("last_used_at"),
        row.label("last_used_from"),
        revocation(row),
        row.labels("allowed_cidrs").orElse(List.of()),
        row.maybeInteger("rate_limit").stream().boxed().findFirst(),
        row.integer("version"),
        row.moment("updated_at"),
        row.integer("unused_days"),
        row.flag("never_used"));
  }

  static Group group(Row row) throws SQLException {
    return new Group(
        KeyKind.from(row.word("kind")),
        KeyStatus.from(row.word("status")),
        row.flag("unused"),
        row.flag("never_used"),
        row.flag("kind_matches"),
        row.flag("status_matches"),
        row.number("count"));
  }

  static Day day(Row row) throws SQLException {
    return new Day(row.id("api_key_id"), row.integer("ago"), row.number("count"));
  }

  static UsageDay usageDay(Row row) throws SQLException {
    return new UsageDay(
        row.day("day"),
        row.number("ok"),
        row.number("client_errors"),
        row.number("denied"),
        row.number("server_errors"));
  }

  static KeyEvent event(Row row) throws SQLException {
    return new KeyEvent(
        row.word("id"),
        row.moment("occurred_at"),
        row.label("actor_display").orElse("unknown"),
        row.word("type"),
        row.word("outcome"),
        row.note("reason"));
  }

  static Account account(Row row) throws SQLException {
    return new Account(row.id("id"), row.name("name"));
  }

  private static Optional<Account> owner(Row row) throws SQLException {
    UUID id = row.id("account_id");
    String name = row.label("account_name").orElse("Deleted account");
    return Optional.ofNullable(id).map(known -> new Account(known, name));
  }

  private static Optional<ApiKey.Revocation> revocation(Row row) throws SQLException {
    Optional<String> by = row.label("revoked_by_name");
    Optional<String> reason = row.note("revoke_reason");
    return row.instant("revoked_at").map(at -> new ApiKey.Revocation(at, by, reason));
  }
}
