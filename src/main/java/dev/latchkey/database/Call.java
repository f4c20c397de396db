package dev.latchkey.database;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.change.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One SQL function call with named arguments: the only way in which the console writes. What is
 * shown before it runs and what runs are both made from this one value.
 *
 * @param function with its schema, both plain SQL identifiers of ours
 */
public record Call(String function, List<Argument> arguments) implements Request {

  public Call {
    arguments = List.copyOf(arguments);
  }

  /** A call of {@code function} without arguments yet; {@code function} names its schema. */
  public static Call to(String function) {
    if (!function.matches("[a-z_]+\\.[a-z_0-9]+")) {
      throw new IllegalArgumentException("not a function's name: " + function);
    }
    return new Call(function, List.of());
  }

  public Call text(String name, String value) {
    return with(new Argument(name, "text", Optional.of(value)));
  }

  public Call text(String name, Optional<String> value) {
    return with(new Argument(name, "text", value));
  }

  public Call uuid(String name, UUID value) {
    return with(new Argument(name, "uuid", Optional.of(value.toString())));
  }

  public Call integer(String name, int value) {
    return with(new Argument(name, "integer", Optional.of(Integer.toString(value))));
  }

  public Call json(String name, JsonNode value) {
    return with(new Argument(name, "jsonb", Optional.of(value.toString())));
  }

  /** A point in time, or SQL null. */
  public Call instant(String name, Optional<Instant> value) {
    return with(new Argument(name, "timestamptz", value.map(Instant::toString)));
  }

  /** A value of any other SQL type by its text form. */
  public Call value(String name, String sqlType, Optional<String> value) {
    return with(new Argument(name, sqlType, value));
  }

  /** The statement as it runs, with a parameter for each argument that is not null. */
  String statement() {
    return render(argument -> "cast(? as " + argument.sqlType() + ")");
  }

  /** The statement as it runs, with the values written out. */
  @Override
  public String preview() {
    return render(Argument::literal);
  }

  @Override
  public String toString() {
    return preview();
  }

  private String render(Function<Argument, String> form) {
    String list =
        arguments.stream()
            .map(argument -> "  " + argument.name() + " => " + argument.render(form))
            .collect(Collectors.joining(",\n"));
    String call = list.isEmpty() ? function + "()" : function + "(\n" + list + "\n)";
    return "select to_jsonb(answer) from " + call + " as answer";
  }

  private Call with(Argument argument) {
    List<Argument> more = new ArrayList<>(arguments);
    more.add(argument);
    return new Call(function, more);
  }

  /**
   * @param value in PostgreSQL's text form; empty is SQL null
   */
  public record Argument(String name, String sqlType, Optional<String> value) {
    private String render(Function<Argument, String> form) {
      return value.isEmpty() ? "null" : form.apply(this);
    }

    private String literal() {
      return "'" + value.orElse("").replace("'", "''") + "'::" + sqlType;
    }

    @Override
    public String toString() {
      return name + " => " + render(Argument::literal);
    }
  }
}
