package dev.latchkey.audit;

import dev.latchkey.rows.Sort;

/** What events can be sorted by. */
public enum AuditColumn {
  AT,
  ACTOR,
  OBJECT,
  TYPE;

  /** The newest first. */
  public static final Sort<AuditColumn> USUAL = new Sort<>(AT, false);
}
