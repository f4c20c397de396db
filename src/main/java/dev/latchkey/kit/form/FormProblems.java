package dev.latchkey.kit.form;

import dev.latchkey.doctor.Field;
import dev.latchkey.rows.Failure;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/**
 * What is wrong with each field of a form; empty texts mean nothing is.
 *
 * @param <F> the fields
 */
public final class FormProblems<F extends Enum<F> & FormProblems.Field> {
  /** A field of a form. */
  public interface Field {
    /** How the SQL function's parameter is called, without {@code p_}. */
    String sql();
  }

  private final Map<F, ReadOnlyStringWrapper> texts;

  public FormProblems(Class<F> fields) {
    texts = new EnumMap<>(fields);
    for (F field : fields.getEnumConstants()) {
      texts.put(field, new ReadOnlyStringWrapper(""));
    }
  }

  public ReadOnlyStringProperty of(F field) {
    return texts.get(field).getReadOnlyProperty();
  }

  public void set(F field, Optional<String> problem) {
    texts.get(field).set(problem.orElse(""));
  }

  /**
   * Puts a server's refusal next to the field that it names.
   *
   * @return false when it names none of them
   */
  public boolean take(Failure failure) {
    Optional<F> named =
        failure
            .parameter()
            .flatMap(
                parameter ->
                    texts.keySet().stream().filter(field -> isNamed(field, parameter)).findFirst());
    named.ifPresent(field -> set(field, Optional.of(failure.sentence())));
    return named.isPresent();
  }

  private static boolean isNamed(Field field, String parameter) {
    return parameter.equals("p_" + field.sql()) || parameter.equals("p_changes." + field.sql());
  }
}
