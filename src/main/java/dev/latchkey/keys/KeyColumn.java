package dev.latchkey.keys;

import dev.latchkey.rows.Sort;

/** What keys can be sorted by. */
public enum KeyColumn {
  NAME,
  ACCOUNT,
  KEY,
  KIND,
  SCOPES,
  STATUS,
  LAST_USED,
  EXPIRES,
  CREATED;

  /** Soonest expiry first, those without one last. */
  public static final Sort<KeyColumn> USUAL = new Sort<>(EXPIRES, true);
}
