package dev.latchkey.access;

import dev.latchkey.rows.Sort;

/** What grants can be sorted by. */
public enum GrantColumn {
  MEMBER,
  ROLE,
  STATUS,
  EXPIRES,
  REASON,
  LAST_LOGIN,
  SESSIONS;

  /** The order without any choice. */
  public static final Sort<GrantColumn> USUAL = new Sort<>(EXPIRES, true);
}
