package dev.latchkey.audit;

import dev.latchkey.database.Database;
import dev.latchkey.database.Row;
import dev.latchkey.database.ViewList;
import dev.latchkey.database.ViewQuery;
import dev.latchkey.database.ViewQuery.By;
import dev.latchkey.rows.Counts;
import dev.latchkey.rows.RowSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.statement.Query;

/** The events of {@code latchkey.events}: filtered, sorted, counted and read in pages by SQL. */
public final class PostgresAudit implements AuditSource {
  private static final String COLUMNS =
      """
      e.id, e.type, e.occurred_at, e.actor_id, e.actor_type, e.actor_display, e.actor_via, e.object_type,
        e.object_id, e.object_label, e.outcome, e.code, e.reason, host(e.source_address) as address,
        e.source_application, e.txid\
      """;

  private static final ViewQuery<AuditEvent> EVENTS =
      new ViewQuery<>(COLUMNS, "latchkey.events as e", "e.id", "text", PostgresAudit::event);

  private static final ViewQuery<EventDetails> DETAILS =
      new ViewQuery<>(
          COLUMNS + ", e.before, e.after",
          "latchkey.events as e",
          "e.id",
          "text",
          row -> new EventDetails(event(row), row.json("before"), row.json("after")));

  private static final String MATCHES =
      """
      (:seconds = 0 or e.occurred_at >= now() - make_interval(secs => :seconds))
        and (cast(:actor as text) is null or e.actor_id = :actor)
        and (cast(:object_type as text) is null
          or e.object_type = :object_type and e.object_id is not distinct from cast(:object_id as text))
        and (cast(:type as text) is null or e.type = :type)
        and (cast(:refused as boolean) is null or (e.outcome = 'refused') = :refused)
        and (:text = '' or strpos(lower(concat_ws(' ', e.actor_display, e.object_label, e.object_id, e.reason, e.type,
          e.code, host(e.source_address), e.source_application, e.id) collate "default"), lower(:text)) > 0)\
      """;

  private static final String ACTORS =
      """
      select e.actor_id, min(e.actor_type) as actor_type, max(e.actor_display) as actor_display
      from latchkey.events as e
      group by e.actor_id
      order by lower(max(e.actor_display)), e.actor_id
      limit 200
      """;

  private static final String TYPES =
      "select distinct e.type from latchkey.events as e order by e.type limit 200";

  private final Database database;

  public PostgresAudit(Database database) {
    this.database = database;
  }

  @Override
  public RowSource<AuditEvent, AuditFilter, AuditColumn, Counts> events() {
    return new ViewList<>(
        database,
        EVENTS,
        _ -> MATCHES,
        PostgresAudit::bind,
        column ->
            switch (column) {
              case AT -> new By("e.occurred_at", "timestamptz");
              case ACTOR -> new By("lower(e.actor_display)", "text");
              case OBJECT -> new By("lower(e.object_label)", "text");
              case TYPE -> new By("e.type", "text");
            },
        OptionalLong.empty());
  }

  @Override
  public Optional<EventDetails> details(String id) {
    return database.read(handle -> DETAILS.byId(handle, id));
  }

  @Override
  public Choices choices() {
    return database.read(
        handle ->
            new Choices(
                handle.createQuery(ACTORS).map(Row.reading(PostgresAudit::actor)).list(),
                handle.createQuery(TYPES).map(Row.reading(row -> row.name("type"))).list()));
  }

  private static AuditEvent event(Row row) throws SQLException {
    return new AuditEvent(
        row.name("id"),
        row.name("type"),
        row.moment("occurred_at"),
        actor(row),
        row.label("actor_via"),
        new AuditEvent.Thing(
            row.name("object_type"), row.raw("object_id"), row.label("object_label")),
        row.word("outcome").equals("refused"),
        row.label("code"),
        row.label("reason"),
        row.label("address"),
        row.label("source_application"),
        row.name("txid"));
  }

  private static AuditEvent.Actor actor(Row row) throws SQLException {
    return new AuditEvent.Actor(
        row.word("actor_id"), row.name("actor_type"), row.name("actor_display"));
  }

  private static Query bind(Query query, AuditFilter filter) {
    return query
        .bind("seconds", filter.period().length().map(Duration::toSeconds).orElse(0L))
        .bind("actor", filter.actor().map(AuditEvent.Actor::id).orElse(null))
        .bind("object_type", filter.object().map(AuditEvent.Thing::type).orElse(null))
        .bind("object_id", filter.object().flatMap(AuditEvent.Thing::id).orElse(null))
        .bind("type", filter.type().orElse(null))
        .bind("refused", filter.refused().orElse(null))
        .bind("text", filter.text());
  }
}
