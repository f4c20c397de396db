package dev.latchkey.access;

import dev.latchkey.database.Database;
import dev.latchkey.database.KeysetOrder;
import dev.latchkey.database.Page;
import dev.latchkey.database.Position;
import dev.latchkey.database.Range;
import dev.latchkey.database.Sort;
import dev.latchkey.widget.RowSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * One list of the screen: filtered, sorted, counted and read in pages by SQL. Every fragment is a
 * constant of ours, values are always bound.
 *
 * @param <T> a row
 * @param <C> what can be sorted by
 * @param columns of the view, with their names
 * @param view with its alias
 * @param matches the condition; refers to the parameter {@code text}
 * @param id the unique column
 */
record PostgresAccessList<T, C>(
    Database database,
    String columns,
    String view,
    String matches,
    String id,
    String idType,
    Function<C, By> order,
    RowMapper<T> mapper)
    implements RowSource<T, AccessFilter, C, AccessCounts> {

  /** What a column is sorted by. */
  record By(String expression, String type) {}

  @Override
  public Page<T, Position> page(AccessFilter filter, Sort<C> sort, Range range, int limit) {
    By by = order.apply(sort.column());
    KeysetOrder keyset = new KeysetOrder(by.expression(), by.type(), id, idType, sort.ascending());
    return database.read(handle -> page(handle, filter, keyset, range, limit));
  }

  private Page<T, Position> page(
      Handle handle, AccessFilter filter, KeysetOrder keyset, Range range, int limit) {
    String sql =
        """
        select
          %s, cast(%s as text) as place, cast(%s as text) as place_id
        from %s
        where %s
          and %s
        order by %s
        limit :limit
        """
            .formatted(
                columns,
                keyset.expression(),
                id,
                view,
                matches(filter),
                keyset.condition(range),
                keyset.orderBy(range));
    Query query = handle.createQuery(sql).bind("text", filter.text()).bind("limit", limit + 1);
    range
        .position()
        .ifPresent(at -> query.bind("value", at.value().orElse(null)).bind("id", at.id()));
    return KeysetOrder.page(query.map(this::placed).list(), range, limit);
  }

  private KeysetOrder.Placed<T> placed(ResultSet row, StatementContext context)
      throws SQLException {
    return new KeysetOrder.Placed<>(
        mapper.map(row, context),
        new Position(Optional.ofNullable(row.getString("place")), row.getString("place_id")));
  }

  @Override
  public AccessCounts counts(AccessFilter filter) {
    String sql =
        """
        select
          (select count(*) from (select from %1$s where %2$s limit %3$d) as found) as shown,
          (select count(*) from (select from %1$s limit %3$d) as found) as all_rows
        """
            .formatted(view, matches(filter), AccessCounts.MOST + 1);
    return database.read(
        handle ->
            handle
                .createQuery(sql)
                .bind("text", filter.text())
                .map((row, _) -> new AccessCounts(row.getLong("shown"), row.getLong("all_rows")))
                .one());
  }

  private String matches(AccessFilter filter) {
    return filter.refusedOnly() ? "(" + matches + ") and not l.accepted" : "(" + matches + ")";
  }
}
