package dev.latchkey.keys;

import java.util.Arrays;

/** What a key is for. */
public enum KeyKind {
  SCOPED("scoped", "Scoped"),
  PUBLISHABLE("publishable", "Publishable"),
  SECRET("secret", "Secret");

  private final String sql;
  private final String label;

  KeyKind(String sql, String label) {
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

  /** A key of an account, rather than of the project. */
  public boolean belongsToAccount() {
    return this == SCOPED;
  }

  static KeyKind from(String sql) {
    return Arrays.stream(values())
        .filter(kind -> kind.sql.equals(sql))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown kind of key: " + sql));
  }
}
