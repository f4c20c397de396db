package dev.latchkey.keys;

/**
 * The SQL of a keyset page: order, and where to read on. Rows without a value of the sort column
 * come last in both directions; the id decides between equal ones. Every fragment is a constant of
 * ours, values are always bound.
 *
 * @param expression the sort column
 * @param type what a bound value of it is cast to
 */
record PostgresKeyOrder(String expression, String type, boolean ascending) {

  static PostgresKeyOrder of(KeySort sort) {
    return new PostgresKeyOrder(
        expression(sort.column()),
        switch (sort.column()) {
          case NAME, ACCOUNT, KEY, KIND -> "text";
          case SCOPES, STATUS -> "integer";
          case LAST_USED, EXPIRES, CREATED -> "timestamptz";
        },
        sort.ascending());
  }

  private static String expression(KeySort.Column column) {
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

  /** Rows in reading order, or in the opposite one for reading backwards. */
  String orderBy(boolean forwards) {
    String direction = ascending == forwards ? "asc" : "desc";
    String nulls = forwards ? "last" : "first";
    return "%s %s nulls %s, k.id %s".formatted(expression, direction, nulls, direction);
  }

  /** Which rows a range has; refers to the parameters {@code value} and {@code id}. */
  String condition(KeyRange range) {
    return switch (range) {
      case KeyRange.First _ -> "true";
      case KeyRange.After after -> beyond(after.position(), true, false);
      case KeyRange.Before before -> beyond(before.position(), false, false);
      case KeyRange.From from -> beyond(from.position(), true, true);
    };
  }

  private String beyond(KeyPosition position, boolean forwards, boolean withIt) {
    String comparison = (ascending == forwards ? ">" : "<") + (withIt ? "=" : "");
    if (position.value().isEmpty()) {
      return forwards
          ? "(%s is null and k.id %s :id)".formatted(expression, comparison)
          : "(%s is not null or k.id %s :id)".formatted(expression, comparison);
    }
    String row = "(%s, k.id) %s (cast(:value as %s), :id)".formatted(expression, comparison, type);
    return forwards ? "(%s or %s is null)".formatted(row, expression) : row;
  }
}
