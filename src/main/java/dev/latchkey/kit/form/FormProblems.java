package dev.latchkey.kit.form;

import dev.latchkey.rows.Failure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.Observable;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableValue;

/**
 * What is wrong with each field of a form, and when the field says so; empty texts mean nothing is.
 * What is made of the fields is up to those below. For the JavaFX thread.
 *
 * @param <F> the fields
 */
public abstract sealed class FormProblems<F extends Enum<F> & FormProblems.Field>
    permits Form, FormOfMany {
  /** A field of a form. */
  public interface Field {
    /** How the SQL function's parameter is called, without {@code p_}. */
    String sql();
  }

  /**
   * What a field must be.
   *
   * @param hinders whether the change cannot even be shown without it
   */
  private record Rule<F>(
      F field, Tells tells, boolean hinders, Supplier<Optional<String>> problem) {}

  private final Map<F, ReadOnlyStringWrapper> texts;
  private final List<Rule<F>> rules = new ArrayList<>();
  private final ReadOnlyObjectWrapper<Optional<Failure>> failure =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
  private boolean tried;

  FormProblems(Class<F> fields) {
    texts = new EnumMap<>(fields);
    for (F field : fields.getEnumConstants()) {
      texts.put(field, new ReadOnlyStringWrapper(""));
    }
  }

  /** Without it there is no change to show. */
  public final void rule(F field, Tells tells, Supplier<Optional<String>> problem) {
    rules.add(new Rule<>(field, tells, true, problem));
  }

  /** Asked for when the form is submitted; the change is shown also without it. */
  public final void demand(F field, Supplier<Optional<String>> problem) {
    rules.add(new Rule<>(field, Tells.ONCE_TRIED, false, problem));
  }

  /** Looks at the fields, now and whenever one of these changes. */
  public final void follows(Observable... values) {
    for (Observable value : values) {
      switch (value) {
        case ObservableValue<?> one -> one.subscribe((_, _) -> look());
        default -> value.subscribe(this::look);
      }
    }
    look();
  }

  public final void follows(FormPart... parts) {
    for (FormPart part : parts) {
      part.onChange(this::look);
    }
    look();
  }

  /** What is wrong with a field, as far as it is told. */
  public final ReadOnlyStringProperty of(F field) {
    return texts.get(field).getReadOnlyProperty();
  }

  /** A refusal that concerns no single field. */
  public final ReadOnlyObjectProperty<Optional<Failure>> failure() {
    return failure.getReadOnlyProperty();
  }

  public final ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  /** The exact call as it would run now; empty while something is missing or wrong. */
  public abstract ObservableValue<String> preview();

  /** Tells that something else about the form did not work. */
  public final void tell(Failure problem) {
    failure.set(Optional.of(problem));
  }

  /** Looks at the fields: tells what is to be told, and makes the change anew. */
  public final void look() {
    Map<F, String> told = new HashMap<>();
    boolean sound = true;
    for (Rule<F> rule : rules) {
      Optional<String> problem = rule.problem().get();
      sound &= problem.isEmpty() || !rule.hinders();
      problem
          .filter(_ -> rule.tells().now(tried))
          .ifPresent(text -> told.putIfAbsent(rule.field(), text));
    }
    texts.forEach((field, text) -> text.set(told.getOrDefault(field, "")));
    prepare(sound);
  }

  /**
   * Puts a server's refusal next to the field that it names.
   *
   * @return false when it names none of them
   */
  public final boolean take(Failure refusal) {
    Optional<F> named =
        refusal
            .parameter()
            .flatMap(
                parameter ->
                    texts.keySet().stream().filter(field -> isNamed(field, parameter)).findFirst());
    named.ifPresent(field -> texts.get(field).set(refusal.sentence()));
    return named.isPresent();
  }

  /**
   * Makes what would run.
   *
   * @param sound whether no field hinders
   */
  abstract void prepare(boolean sound);

  /** Looks at the fields as for submitting, so that each tells what stands in the way. */
  final void insist() {
    tried = true;
    look();
  }

  /** Whether nothing is wrong or missing, told or not. */
  final boolean isComplete() {
    return rules.stream().allMatch(rule -> rule.problem().get().isEmpty());
  }

  final void begin() {
    busy.set(true);
    failure.set(Optional.empty());
  }

  final void end() {
    busy.set(false);
  }

  /** As if nobody had tried to submit it yet. */
  final void forgive() {
    tried = false;
  }

  private static boolean isNamed(Field field, String parameter) {
    return parameter.equals("p_" + field.sql()) || parameter.equals("p_changes." + field.sql());
  }
}
