package dev.latchkey.scopes;

import java.util.List;

/** Entity types and actions that keys already use, most used first: what an editor suggests. */
public record ScopeVocabulary(List<String> entityTypes, List<String> actions) {
  public static final ScopeVocabulary EMPTY = new ScopeVocabulary(List.of(), List.of());

  public ScopeVocabulary {
    entityTypes = List.copyOf(entityTypes);
    actions = List.copyOf(actions);
  }
}
