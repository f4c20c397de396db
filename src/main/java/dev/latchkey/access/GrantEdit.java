package dev.latchkey.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to change about a grant; what is empty stays.
 *
 * @param networks no network at all stands for any
 * @param startsAt of a grant that has not started
 */
public record GrantEdit(Optional<List<String>> networks, Optional<Instant> startsAt) {
  public GrantEdit {
    networks = networks.map(List::copyOf);
  }

  public boolean isEmpty() {
    return networks.isEmpty() && startsAt.isEmpty();
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    networks.ifPresent(
        list -> {
          ArrayNode array = json.putArray("allowed_cidrs");
          list.forEach(array::add);
        });
    startsAt.ifPresent(at -> json.put("starts_at", at.toString()));
    return json;
  }
}
