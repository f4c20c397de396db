package dev.latchkey.access;

import dev.latchkey.rows.Sort;

/** What logins can be sorted by. */
public enum LoginColumn {
  AT,
  MEMBER,
  ROLE,
  OUTCOME,
  CLIENT;

  /** The order without any choice. */
  public static final Sort<LoginColumn> USUAL = new Sort<>(AT, false);
}
