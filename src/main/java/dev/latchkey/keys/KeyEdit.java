package dev.latchkey.keys;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.latchkey.change.TextRules;
import java.time.Instant;
import java.util.Optional;

/**
 * What of a key is to be changed; fields that stay are absent.
 *
 * @param expiresAt the inner one is empty for a key that is to have no end
 */
public record KeyEdit(
    Optional<String> name, Optional<String> description, Optional<Optional<Instant>> expiresAt) {

  public boolean isEmpty() {
    return name.isEmpty() && description.isEmpty() && expiresAt.isEmpty();
  }

  ObjectNode toJson() {
    ObjectNode changes = JsonNodeFactory.instance.objectNode();
    name.ifPresent(value -> changes.put("name", value));
    description.ifPresent(
        value -> changes.put("description", TextRules.trimmed(value).isEmpty() ? null : value));
    expiresAt.ifPresent(
        value -> changes.put("expires_at", value.map(Instant::toString).orElse(null)));
    return changes;
  }
}
