package dev.latchkey.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An event with the state of its object before and after.
 *
 * @param before empty for what was new
 * @param after empty for what is gone
 */
public record EventDetails(AuditEvent event, Optional<JsonNode> before, Optional<JsonNode> after) {

  /**
   * A value that the event changed.
   *
   * @param before as compact JSON, a text without quotes; empty where there was none
   */
  public record Difference(String field, Optional<String> before, Optional<String> after) {}

  /** What differs between before and after, by field. */
  public List<Difference> differences() {
    TreeSet<String> fields = new TreeSet<>();
    before.ifPresent(state -> state.fieldNames().forEachRemaining(fields::add));
    after.ifPresent(state -> state.fieldNames().forEachRemaining(fields::add));
    return fields.stream()
        .map(field -> new Difference(field, value(before, field), value(after, field)))
        .filter(difference -> !difference.before().equals(difference.after()))
        .toList();
  }

  private static Optional<String> value(Optional<JsonNode> state, String field) {
    return state
        .map(known -> known.path(field))
        .filter(value -> !value.isMissingNode() && !value.isNull())
        .map(value -> value.isTextual() ? value.textValue() : value.toString());
  }
}
