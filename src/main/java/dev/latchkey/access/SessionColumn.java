package dev.latchkey.access;

import dev.latchkey.rows.Sort;

/** What open sessions can be sorted by. */
public enum SessionColumn {
  MEMBER,
  ROLE,
  STATE,
  CLIENT,
  SINCE,
  ENDS;

  /** The order without any choice. */
  public static final Sort<SessionColumn> USUAL = new Sort<>(SINCE, false);
}
