package dev.latchkey.keys;

import java.util.Arrays;

/** Where a key is in its life; the database derives it from its dates. */
public enum KeyStatus {
  ACTIVE("active", "Active"),
  EXPIRING("expiring", "Expiring"),
  ROTATING("rotating", "Rotating"),
  DISABLED("disabled", "Disabled"),
  EXPIRED("expired", "Expired"),
  REVOKED("revoked", "Revoked");

  private final String sql;
  private final String label;

  KeyStatus(String sql, String label) {
    this.sql = sql;
    this.label = label;
  }

  /** As the database writes it. */
  public String sql() {
    return sql;
  }

  /** As the screen writes it. */
  public String label() {
    return label;
  }

  /** Whether calls with the key are let through. */
  public boolean works() {
    return this == ACTIVE || this == EXPIRING || this == ROTATING;
  }

  static KeyStatus from(String sql) {
    return Arrays.stream(values())
        .filter(status -> status.sql.equals(sql))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown status of a key: " + sql));
  }
}
