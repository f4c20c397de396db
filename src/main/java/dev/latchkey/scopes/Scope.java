package dev.latchkey.scopes;

/**
 * One right of a key: to do {@code action} with one entity, or with every entity, of a type. The
 * matching rules are those of the SQL function {@code has_scope}.
 */
public record Scope(String entityType, String entityId, String action) {
  /** Stands for every type, every id or every action. */
  public static final String ANY = "*";

  /** Longest value of a field, in characters. */
  public static final int LONGEST = 200;

  private static final int ID_SHOWN_WHOLE = 8;
  private static final int ID_SHOWN = 4;

  /** A right on every entity of a type. */
  public static Scope onAll(String entityType, String action) {
    return new Scope(entityType, ANY, action);
  }

  /** Whether it reaches beyond one type: what a careful reader wants pointed out. */
  public boolean isBroad() {
    return entityType.equals(ANY);
  }

  /**
   * Whether the server ever acts on this shape: every type is honoured only together with every
   * entity and every action, so that {@code * / * / read} grants nothing.
   */
  public boolean isHonoured() {
    return !entityType.equals(ANY) || (entityId.equals(ANY) && action.equals(ANY));
  }

  /** Whether this right alone allows {@code wantedAction} on that entity. */
  public boolean allows(String type, String id, String wantedAction) {
    if (!isHonoured()) {
      return false;
    }
    return matches(entityType, type) && matches(entityId, id) && matches(action, wantedAction);
  }

  /** Short, for a chip: {@code document:read}, {@code document/7f3a…:update}, {@code *:*}. */
  public String label() {
    return entityId.equals(ANY)
        ? entityType + ":" + action
        : entityType + "/" + shortened(entityId) + ":" + action;
  }

  /** In full: {@code document / 7f3a91c4 / update}. */
  public String description() {
    return entityType + " / " + entityId + " / " + action;
  }

  private static boolean matches(String granted, String wanted) {
    return granted.equals(ANY) || granted.equals(wanted);
  }

  private static String shortened(String id) {
    return id.codePointCount(0, id.length()) <= ID_SHOWN_WHOLE
        ? id
        : id.substring(0, id.offsetByCodePoints(0, ID_SHOWN)) + "…";
  }
}
