package dev.latchkey.keys;

import dev.latchkey.database.DatabaseFailure;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/** What is wrong with each field of a form; empty texts mean nothing is. */
public final class FormProblems {
  /** The fields of the forms about keys. */
  public enum Field {
    NAME("name"),
    DESCRIPTION("description"),
    ACCOUNT("account_id"),
    ROLE("role"),
    EXPIRY("expires_at"),
    SCOPES("scopes"),
    REASON("reason");

    private final String sql;

    Field(String sql) {
      this.sql = sql;
    }

    private boolean isNamed(String parameter) {
      return parameter.equals("p_" + sql) || parameter.equals("p_changes." + sql);
    }
  }

  private final Map<Field, ReadOnlyStringWrapper> texts = new EnumMap<>(Field.class);

  FormProblems() {
    for (Field field : Field.values()) {
      texts.put(field, new ReadOnlyStringWrapper(""));
    }
  }

  public ReadOnlyStringProperty of(Field field) {
    return texts.get(field).getReadOnlyProperty();
  }

  void set(Field field, Optional<String> problem) {
    texts.get(field).set(problem.orElse(""));
  }

  /**
   * Puts a server's refusal next to the field that it names.
   *
   * @return false when it names none of them
   */
  boolean take(DatabaseFailure failure) {
    if (!(failure instanceof DatabaseFailure.InvalidInput input)) {
      return false;
    }
    for (Field field : Field.values()) {
      if (field.isNamed(input.parameter())) {
        set(field, Optional.of(input.sentence()));
        return true;
      }
    }
    return false;
  }
}
