package dev.latchkey.access;

import java.util.Arrays;

/** Where an access token is in its life; the database derives it from its dates. */
public enum TokenStatus {
  EXPIRING("expiring", "Expiring"),
  ACTIVE("active", "Active"),
  EXPIRED("expired", "Expired"),
  REVOKED("revoked", "Revoked");

  private final String sql;
  private final String label;

  TokenStatus(String sql, String label) {
    this.sql = sql;
    this.label = label;
  }

  /** As the screen writes it. */
  public String label() {
    return label;
  }

  /** Whether it can still open anything. */
  public boolean works() {
    return this == EXPIRING || this == ACTIVE;
  }

  static TokenStatus from(String sql) {
    return Arrays.stream(values())
        .filter(status -> status.sql.equals(sql))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown status of a token: " + sql));
  }
}
