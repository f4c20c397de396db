package dev.latchkey.scopes;

import java.util.Arrays;
import java.util.Optional;

/** The three fields of a scope, and no others. */
public enum ScopeField {
  ENTITY_TYPE("entity_type", "entity type"),
  ENTITY_ID("entity_id", "entity id"),
  ACTION("action", "action");

  private final String json;
  private final String label;

  ScopeField(String json, String label) {
    this.json = json;
    this.label = label;
  }

  /** The field's name in JSON and SQL. */
  public String json() {
    return json;
  }

  /** The field's name in a sentence. */
  public String label() {
    return label;
  }

  static Optional<ScopeField> named(String json) {
    return Arrays.stream(values()).filter(field -> field.json.equals(json)).findFirst();
  }
}
