package dev.latchkey.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.database.Database;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Unexpected;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the commands list, read from the views that the window reads. */
final class PostgresLists {
  private static final String GRANTS =
      """
      select to_jsonb(listed)::text
      from (
        select id, email, role, status, starts_at, expires_at, allowed_cidrs as networks, session_count as sessions, reason,
          granted_by_name as granted_by
        from latchkey.grants
        where :all or status in ('scheduled', 'active', 'expiring')
        order by expires_at nulls last, id
      ) as listed
      """;
  private static final String TOKENS =
      """
      select to_jsonb(listed)::text
      from (
        select id, email, name, status, prefix || '…' || last4 as token, expires_at, roles, allowed_cidrs as networks, last_used_at as last_used
        from latchkey.access_tokens
        where :all or status in ('active', 'expiring')
        order by expires_at nulls last, id
      ) as listed
      """;
  private static final String FINDINGS =
      """
      select to_jsonb(listed)::text
      from (
        select severity, object_type as type, object_id as object, since, sentence, call
        from latchkey.findings
        order by array_position(array['high', 'medium', 'low'], severity), id
      ) as listed
      where :all
      """;
  private static final String MEMBER =
      """
      select user_id::text from latchkey.members where lower(email) = lower(:member) or user_id::text = lower(:member)
      """;

  private final Database database;
  private final JsonMapper json = new JsonMapper();

  PostgresLists(Database database) {
    this.database = database;
  }

  /** Open grants by their end, or all. */
  List<JsonNode> grants(boolean all) {
    return rows(GRANTS, all);
  }

  /** Usable tokens by their end, or all. */
  List<JsonNode> tokens(boolean all) {
    return rows(TOKENS, all);
  }

  /** What should not be as it is, the worst first. */
  List<JsonNode> findings() {
    return rows(FINDINGS, true);
  }

  /**
   * @param member an e-mail address or a user id
   */
  Optional<UUID> member(String member) {
    return database
        .read(
            handle ->
                handle.createQuery(MEMBER).bind("member", member).mapTo(String.class).findOne())
        .map(UUID::fromString);
  }

  private List<JsonNode> rows(String sql, boolean all) {
    return database
        .read(handle -> handle.createQuery(sql).bind("all", all).mapTo(String.class).list())
        .stream()
        .map(this::parsed)
        .toList();
  }

  private JsonNode parsed(String row) {
    try {
      return json.readTree(row);
    } catch (JsonProcessingException exception) {
      throw new FailureException(new Unexpected("LK-JSON", ""));
    }
  }
}
