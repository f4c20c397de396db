package dev.latchkey.keys;

import dev.latchkey.database.ViewQuery.By;

/** How the database sorts keys. */
final class PostgresKeyOrder {
  private PostgresKeyOrder() {}

  static By of(KeyColumn column) {
    return switch (column) {
      case NAME -> new By("lower(k.name)", "text");
      case ACCOUNT -> new By("lower(k.account_name)", "text");
      case KEY -> new By("(k.key_prefix || coalesce(k.last4, '')) collate \"C\"", "text");
      case KIND -> new By("k.kind", "text");
      case SCOPES -> new By("k.scope_count", "integer");
      case STATUS ->
          new By(
              "array_position(array['expiring', 'active', 'rotating', 'disabled', 'expired',"
                  + " 'revoked'], k.status)",
              "integer");
      case LAST_USED -> new By("k.last_used_at", "timestamptz");
      // A revoked key's end no longer matters: it comes last, among those that have none.
      case EXPIRES -> new By("case when k.revoked_at is null then k.expires_at end", "timestamptz");
      case CREATED -> new By("k.created_at", "timestamptz");
    };
  }
}
