package dev.latchkey.scopes;

import dev.latchkey.database.Database;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Reads from the view {@code latchkey.keys} which entity types and actions keys use. */
public final class PostgresScopes implements ScopeSource {
  private static final String ENTITY_TYPES =
      """
      select scope ->> 'entity_type' as word
      from latchkey.keys as k
      cross join lateral jsonb_array_elements(
        case jsonb_typeof(k.scopes) when 'array' then k.scopes else '[]' end) as scope
      where jsonb_typeof(scope) = 'object'
        and scope ->> 'entity_type' not in ('', '*')
      group by word
      order by count(*) desc, word
      limit 100
      """;

  private static final String ACTIONS =
      """
      select scope ->> 'action' as word
      from latchkey.keys as k
      cross join lateral jsonb_array_elements(
        case jsonb_typeof(k.scopes) when 'array' then k.scopes else '[]' end) as scope
      where jsonb_typeof(scope) = 'object'
        and scope ->> 'action' not in ('', '*')
      group by word
      order by count(*) desc, word
      limit 100
      """;

  private final Database database;

  public PostgresScopes(Database database) {
    this.database = database;
  }

  @Override
  public ScopeVocabulary vocabulary() {
    return database.read(
        handle -> new ScopeVocabulary(words(handle, ENTITY_TYPES), words(handle, ACTIONS)));
  }

  private static List<String> words(Handle handle, String sql) {
    return handle.createQuery(sql).mapTo(String.class).list();
  }
}
