package dev.latchkey.access.screen;

import dev.latchkey.kit.form.FormProblems;

/** The fields of the forms about temporary access. */
public enum AccessField implements FormProblems.Field {
  MEMBER("user_id"),
  EMAIL("email"),
  DISPLAY_NAME("display_name"),
  NAME("name"),
  ROLES("role"),
  TOKEN_ROLES("roles"),
  END("expires_at"),
  START("starts_at"),
  NETWORKS("allowed_cidrs"),
  REASON("reason"),
  LONGEST("max_duration"),
  PATTERN("reason_pattern");

  private final String sql;

  AccessField(String sql) {
    this.sql = sql;
  }

  @Override
  public String sql() {
    return sql;
  }
}
