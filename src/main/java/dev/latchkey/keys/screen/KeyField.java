package dev.latchkey.keys.screen;

import dev.latchkey.kit.form.FormProblems;

/** The fields of the forms about keys. */
public enum KeyField implements FormProblems.Field {
  NAME("name"),
  DESCRIPTION("description"),
  ACCOUNT("account_id"),
  ROLE("role"),
  EXPIRY("expires_at"),
  SCOPES("scopes"),
  REASON("reason");

  private final String sql;

  KeyField(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
