package dev.latchkey.keys;

import dev.latchkey.database.Database;
import dev.latchkey.database.Row;
import dev.latchkey.database.ViewQuery;
import dev.latchkey.rows.Page;
import dev.latchkey.rows.Position;
import dev.latchkey.rows.Range;
import dev.latchkey.rows.Sort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Keys from the views of schema {@code latchkey}. */
public final class PostgresKeys implements KeySource {
  private static final ViewQuery<ApiKey> KEYS =
      new ViewQuery<>(
          """
          k.id, k.ksuid, k.kind, k.account_id, k.account_name, k.name, k.description, k.key_prefix, k.last4,
          k.role, k.scopes::text as scopes, k.status, k.expires_at, k.created_at, k.created_by_name,
          k.last_used_at, host(k.last_used_from) as last_used_from, k.revoked_at, k.revoked_by_name,
          k.revoke_reason, cast(k.allowed_cidrs as text[]) as allowed_cidrs, k.rate_limit, k.version,
          k.updated_at, k.unused_days, k.never_used\
          """,
          "latchkey.keys as k",
          "k.id",
          "uuid",
          PostgresKeyRows::key);

  private static final String MATCHES =
      """
        (cast(:account as uuid) is null or k.account_id = :account)
        and (:text = '' or strpos(lower(concat_ws(' ', k.name, k.description, k.account_name,
              k.key_prefix || '…' || k.last4, k.id::text, k.ksuid, k.role) collate "default"), lower(:text)) > 0
          or exists (
            select
            from jsonb_array_elements(
              case jsonb_typeof(k.scopes) when 'array' then k.scopes else '[]' end) as s (scope)
            where strpos(lower(concat(s.scope ->> 'entity_type',
                case when s.scope ->> 'entity_id' <> '*' then '/' || (s.scope ->> 'entity_id') end,
                ':', s.scope ->> 'action')), lower(:text)) > 0))
      """;

  private static final String KIND_MATCHES = "(cast(:kind as text) is null or k.kind = :kind)";

  private static final String WORKS = "k.status in ('active', 'expiring', 'rotating')";

  private static final String STATUS_MATCHES =
      """
        (:anyStatus
          or k.status = any (cast(:statuses as text[]))
          or (:unused and %1$s and k.unused_days >= 90)
          or (:neverUsed and %1$s and k.never_used))
      """
          .formatted(WORKS);

  private static final String LISTED =
      "%s and %s and %s".formatted(MATCHES, KIND_MATCHES, STATUS_MATCHES);

  private static final String GROUPS =
      """
      select
        k.kind,
        k.status,
        %s and k.unused_days >= 90 as unused,
        %s and k.never_used as never_used,
        %s as kind_matches,
        %s as status_matches,
        count(*) as count
      from latchkey.keys as k
      where %s
      group by 1, 2, 3, 4, 5, 6
      """
          .formatted(WORKS, WORKS, KIND_MATCHES, STATUS_MATCHES, MATCHES);

  private static final String CALLS =
      """
      select l.api_key_id, (now() at time zone 'UTC')::date - (l.timestamp at time zone 'UTC')::date as ago, count(*)
      from latchkey.usage as l
      where l.api_key_id = any (:ids)
        and l.timestamp >= (date_trunc('day', now() at time zone 'UTC') - interval '13 days') at time zone 'UTC'
        and l.timestamp <= now()
      group by l.api_key_id, ago
      """;

  private static final String USAGE =
      """
      select
        d.day,
        coalesce(u.ok, 0) as ok,
        coalesce(u.client_errors, 0) as client_errors,
        coalesce(u.denied, 0) as denied,
        coalesce(u.server_errors, 0) as server_errors
      from (
        -- No series of times: where a day begins at one o'clock it would lose its last day.
        select (now() at time zone 'UTC')::date - ago as day from generate_series(0, 13) as s (ago)
      ) as d
      left join latchkey.usage_daily as u on u.api_key_id = :id and u.day = d.day
      order by d.day
      """;

  private static final String HISTORY =
      """
      select e.id, e.occurred_at, e.actor_display, e.type, e.outcome, e.reason
      from latchkey.events as e
      where e.object_type = 'key' and e.object_id = cast(:id as text)
      order by e.occurred_at desc, e.id desc
      limit :limit
      """;

  private static final String ACCOUNTS =
      """
      select a.id, a.name
      from latchkey.accounts as a
      order by lower(a.name), a.id
      limit 1000
      """;

  private final Database database;

  public PostgresKeys(Database database) {
    this.database = database;
  }

  @Override
  public Page<ApiKey, Position> page(
      KeyFilter filter, Sort<KeyColumn> sort, Range range, int limit) {
    return database.read(
        handle ->
            KEYS.page(
                handle,
                LISTED,
                query -> bind(query, filter),
                PostgresKeyOrder.of(sort.column()),
                sort.ascending(),
                range,
                limit));
  }

  @Override
  public KeyCounts counts(KeyFilter filter) {
    return database.read(handle -> counts(handle, filter));
  }

  private static KeyCounts counts(Handle handle, KeyFilter filter) {
    long all = handle.createQuery("select count(*) from latchkey.keys").mapTo(Long.class).one();
    List<PostgresKeyRows.Group> groups =
        bind(handle.createQuery(GROUPS), filter).map(Row.reading(PostgresKeyRows::group)).list();
    Map<KeyKind, Long> kinds = new EnumMap<>(KeyKind.class);
    Map<KeyStatus, Long> statuses = new EnumMap<>(KeyStatus.class);
    long shown = 0;
    long allKinds = 0;
    long unused = 0;
    long neverUsed = 0;
    for (PostgresKeyRows.Group group : groups) {
      if (group.statusMatches()) {
        kinds.merge(group.kind(), group.count(), Long::sum);
        allKinds += group.count();
      }
      if (group.kindMatches()) {
        statuses.merge(group.status(), group.count(), Long::sum);
        unused += group.unused() ? group.count() : 0;
        neverUsed += group.neverUsed() ? group.count() : 0;
      }
      shown += group.kindMatches() && group.statusMatches() ? group.count() : 0;
    }
    return new KeyCounts(shown, all, allKinds, kinds, statuses, unused, neverUsed);
  }

  @Override
  public Map<UUID, DailyCalls> calls(Collection<UUID> ids) {
    Map<UUID, long[]> days = new HashMap<>();
    database
        .<List<PostgresKeyRows.Day>>read(
            handle ->
                handle
                    .createQuery(CALLS)
                    .bindArray("ids", UUID.class, ids)
                    .map(Row.reading(PostgresKeyRows::day))
                    .list())
        .forEach(
            day ->
                days.computeIfAbsent(day.key(), _ -> new long[DailyCalls.DAYS])[
                        DailyCalls.DAYS - 1 - day.ago()] =
                    day.count());
    return ids.stream()
        .distinct()
        .collect(
            Collectors.toMap(
                Function.identity(),
                id ->
                    Optional.ofNullable(days.get(id)).map(DailyCalls::of).orElse(DailyCalls.NONE)));
  }

  @Override
  public Optional<ApiKey> key(UUID id) {
    return database.read(handle -> KEYS.byId(handle, id));
  }

  @Override
  public Optional<KeyDetails> details(UUID id) {
    return database.read(
        handle ->
            KEYS.byId(handle, id)
                .map(key -> new KeyDetails(key, usage(handle, id), history(handle, id))));
  }

  private static List<UsageDay> usage(Handle handle, UUID id) {
    return handle
        .createQuery(USAGE)
        .bind("id", id)
        .map(Row.reading(PostgresKeyRows::usageDay))
        .list();
  }

  private static List<KeyEvent> history(Handle handle, UUID id) {
    return handle
        .createQuery(HISTORY)
        .bind("id", id)
        .bind("limit", KeyDetails.HISTORY)
        .map(Row.reading(PostgresKeyRows::event))
        .list();
  }

  @Override
  public List<Account> accounts() {
    return database.read(
        handle ->
            new ArrayList<>(
                handle.createQuery(ACCOUNTS).map(Row.reading(PostgresKeyRows::account)).list()));
  }

  private static Query bind(Query query, KeyFilter filter) {
    return query
        .bind("kind", filter.kind().map(KeyKind::sql).orElse(null))
        .bind("account", filter.account().orElse(null))
        .bind("text", filter.text())
        .bind("anyStatus", filter.anyStatus())
        .bindArray(
            "statuses", String.class, filter.statuses().stream().map(KeyStatus::sql).toList())
        .bind("unused", filter.unused())
        .bind("neverUsed", filter.neverUsed());
  }
}
