package dev.latchkey.access;

import dev.latchkey.rows.Sort;

/** What access tokens can be sorted by. */
public enum TokenColumn {
  NAME,
  MEMBER,
  STATUS,
  LAST_USED,
  EXPIRES,
  CREATED;

  /** The order without any choice. */
  public static final Sort<TokenColumn> USUAL = new Sort<>(EXPIRES, true);
}
