package dev.latchkey.keys;

/** The order of the table. Keys without a value come last in both directions. */
public record KeySort(Column column, boolean ascending) {
  /** Soonest expiry first, those without one last. */
  public static final KeySort DEFAULT = new KeySort(Column.EXPIRES, true);

  /** What can be sorted by. */
  public enum Column {
    NAME,
    ACCOUNT,
    KEY,
    KIND,
    SCOPES,
    STATUS,
    LAST_USED,
    EXPIRES,
    CREATED
  }
}
