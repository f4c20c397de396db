package dev.latchkey.access;

import dev.latchkey.rows.Sort;

/** What members can be sorted by. */
public enum MemberColumn {
  NAME,
  STATUS,
  GRANTS,
  TOKENS,
  SESSIONS,
  LAST_LOGIN,
  ADDED;

  /** The order without any choice. */
  public static final Sort<MemberColumn> USUAL = new Sort<>(NAME, true);
}
