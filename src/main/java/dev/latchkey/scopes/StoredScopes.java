package dev.latchkey.scopes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Scopes as a database has them. Rows from elsewhere may break the rules: such entries are shown,
 * flagged, and grant nothing.
 *
 * @param malformed entries that the server ignores, as JSON
 */
public record StoredScopes(Scopes scopes, List<String> malformed) {
  public static final StoredScopes NONE = new StoredScopes(Scopes.NONE, List.of());

  public StoredScopes {
    malformed = List.copyOf(malformed);
  }

  /** Reads the column {@code scopes}. */
  public static StoredScopes from(JsonNode stored) {
    if (!stored.isArray()) {
      return stored.isNull() || stored.isMissingNode()
          ? NONE
          : new StoredScopes(Scopes.NONE, List.of(stored.toString()));
    }
    List<Scope> scopes = new ArrayList<>();
    List<String> malformed = new ArrayList<>();
    for (JsonNode entry : stored) {
      scope(entry).ifPresentOrElse(scopes::add, () -> malformed.add(entry.toString()));
    }
    return new StoredScopes(new Scopes(scopes), malformed);
  }

  private static Optional<Scope> scope(JsonNode entry) {
    if (!entry.isObject() || entry.size() != ScopeField.values().length) {
      return Optional.empty();
    }
    JsonNode id = entry.path(ScopeField.ENTITY_ID.json());
    Optional<String> type = text(entry.path(ScopeField.ENTITY_TYPE.json()));
    Optional<String> action = text(entry.path(ScopeField.ACTION.json()));
    Optional<String> entity = id.isNull() ? Optional.of(Scope.ANY) : text(id);
    return type.isPresent() && action.isPresent() && entity.isPresent()
        ? Optional.of(new Scope(type.get(), entity.get(), action.get()))
        : Optional.empty();
  }

  private static Optional<String> text(JsonNode value) {
    return Optional.of(value).filter(JsonNode::isTextual).map(JsonNode::asText);
  }
}
