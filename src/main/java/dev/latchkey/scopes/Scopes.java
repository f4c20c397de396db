package dev.latchkey.scopes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/** The rights of one key, without duplicates, in the order in which they were given. */
public record Scopes(List<Scope> list) {
  /** Most scopes that one key may have. */
  public static final int MOST = 1_000;

  public static final Scopes NONE = new Scopes(List.of());

  public Scopes {
    list = List.copyOf(new LinkedHashSet<>(list));
  }

  public boolean isEmpty() {
    return list.isEmpty();
  }

  public int size() {
    return list.size();
  }

  /** Whether any of them allows {@code action} on that entity, as {@code has_scope} answers. */
  public boolean allow(String entityType, String entityId, String action) {
    return list.stream().anyMatch(scope -> scope.allows(entityType, entityId, action));
  }

  /** As the SQL functions take it. */
  public ArrayNode toJson() {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(list.size());
    for (Scope scope : list) {
      array
          .addObject()
          .put(ScopeField.ENTITY_TYPE.json(), scope.entityType())
          .put(ScopeField.ENTITY_ID.json(), scope.entityId())
          .put(ScopeField.ACTION.json(), scope.action());
    }
    return array;
  }

  /** As JSON for people, one scope a line. */
  public String toText() {
    if (isEmpty()) {
      return "[]";
    }
    return toJson()
        .valueStream()
        .map(scope -> "  " + scope)
        .collect(Collectors.joining(",\n", "[\n", "\n]"));
  }
}
