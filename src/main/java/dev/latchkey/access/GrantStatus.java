package dev.latchkey.access;

import java.util.Arrays;

/** Where a grant is in its life; the database derives it from its dates. */
public enum GrantStatus {
  EXPIRING("expiring", "Expiring"),
  ACTIVE("active", "Active"),
  SCHEDULED("scheduled", "Scheduled"),
  EXPIRED("expired", "Expired"),
  REVOKED("revoked", "Revoked");

  private final String sql;
  private final String label;

  GrantStatus(String sql, String label) {
    this.sql = sql;
    this.label = label;
  }

  /** As the screen writes it. */
  public String label() {
    return label;
  }

  /** Whether it lets somebody in, now or later. */
  public boolean isOpen() {
    return this == EXPIRING || this == ACTIVE || this == SCHEDULED;
  }

  static GrantStatus from(String sql) {
    return Arrays.stream(values())
        .filter(status -> status.sql.equals(sql))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown status of a grant: " + sql));
  }
}
