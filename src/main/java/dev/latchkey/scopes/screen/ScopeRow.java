package dev.latchkey.scopes.screen;

import dev.latchkey.change.TextRules;
import dev.latchkey.scopes.Scope;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** A scope while it is being typed. A blank entity id stands for every entity. */
public final class ScopeRow {
  private final StringProperty entityType = new SimpleStringProperty("");
  private final StringProperty entityId = new SimpleStringProperty("");
  private final StringProperty action = new SimpleStringProperty("");

  ScopeRow() {}

  ScopeRow(Scope scope) {
    entityType.set(scope.entityType());
    entityId.set(scope.entityId());
    action.set(scope.action());
  }

  public StringProperty entityType() {
    return entityType;
  }

  public StringProperty entityId() {
    return entityId;
  }

  public StringProperty action() {
    return action;
  }

  boolean isBlank() {
    return isBlank(entityType) && isBlank(entityId) && isBlank(action);
  }

  Scope scope() {
    String id = isBlank(entityId) ? Scope.ANY : entityId.get();
    return new Scope(entityType.get(), id, action.get());
  }

  private static boolean isBlank(StringProperty field) {
    return TextRules.trimmed(field.get()).isEmpty();
  }
}
