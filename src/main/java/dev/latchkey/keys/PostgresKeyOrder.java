package dev.latchkey.keys;

import dev.latchkey.database.KeysetOrder;
import dev.latchkey.database.Sort;

/** How the database sorts keys. */
final class PostgresKeyOrder {
  private PostgresKeyOrder() {}

  static KeysetOrder of(Sort<KeyColumn> sort) {
    return new KeysetOrder(
        expression(sort.column()), type(sort.column()), "k.id", "uuid", sort.ascending());
  }

  private static String type(KeyColumn column) {
    return switch (column) {
      case NAME, ACCOUNT, KEY, KIND -> "text";
      case SCOPES, STATUS -> "integer";
      case LAST_USED, EXPIRES, CREATED -> "timestamptz";
    };
  }

  private static String expression(KeyColumn column) {
    return switch (column) {
      case NAME -> "lower(k.name)";
      case ACCOUNT -> "lower(k.account_name)";
      case KEY -> "(k.key_prefix || coalesce(k.last4, '')) collate \"C\"";
      case KIND -> "k.kind";
      case SCOPES -> "k.scope_count";
      case STATUS ->
          "array_position(array['expiring', 'active', 'rotating', 'disabled', 'expired', 'revoked'],"
              + " k.status)";
      case LAST_USED -> "k.last_used_at";
      // A revoked key's end no longer matters: it comes last, among those that have none.
      case EXPIRES -> "case when k.revoked_at is null then k.expires_at end";
      case CREATED -> "k.created_at";
    };
  }
}
