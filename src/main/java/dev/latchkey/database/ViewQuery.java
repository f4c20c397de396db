package dev.latchkey.database;

import dev.latchkey.rows.Page;
import dev.latchkey.rows.Position;
import dev.latchkey.rows.Range;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The one shape of a query for the rows of a view: some of them, the one with an id, or a page of a
 * sorted list. Every fragment is a constant of ours, values are always bound.
 *
 * @param columns of the view, with their names
 * @param view with its alias
 * @param id the unique column
 * @param idType what a bound id is cast to
 */
public record ViewQuery<T>(
    String columns, String view, String id, String idType, Row.Reader<T> reader) {

  /** What a list is sorted by, and the type that a bound value of it is cast to. */
  public record By(String expression, String type) {}

  /**
   * All rows of {@code rest}, which begins with {@code where} or {@code order by}.
   *
   * @param values binds what {@code rest} refers to
   */
  public List<T> rows(Handle handle, String rest, UnaryOperator<Query> values) {
    return values
        .apply(handle.createQuery("select\n  %s\nfrom %s\n%s".formatted(columns, view, rest)))
        .map(Row.reading(reader))
        .list();
  }

  public Optional<T> byId(Handle handle, Object wanted) {
    return rows(handle, "where %s = :id".formatted(id), query -> query.bind("id", wanted)).stream()
        .findFirst();
  }

  /**
   * At most {@code limit} rows of a stretch of a sorted list.
   *
   * @param condition which rows the list has; refers to anything but {@code value}, {@code id} and
   *     {@code limit}
   * @param values binds what {@code condition} refers to
   */
  public Page<T, Position> page(
      Handle handle,
      String condition,
      UnaryOperator<Query> values,
      By by,
      boolean ascending,
      Range range,
      int limit) {
    KeysetOrder order = new KeysetOrder(by.expression(), by.type(), id, idType, ascending);
    String sql =
        """
        select
          %s, cast(%s as text) as place, cast(%s as text) as place_id
        from %s
        where (%s)
          and %s
        order by %s
        limit :limit
        """
            .formatted(
                columns,
                by.expression(),
                id,
                view,
                condition,
                order.condition(range),
                order.orderBy(range));
    Query query = values.apply(handle.createQuery(sql)).bind("limit", limit + 1);
    range
        .position()
        .ifPresent(at -> query.bind("value", at.value().orElse(null)).bind("id", at.id()));
    return KeysetOrder.page(query.map(Row.reading(this::placed)).list(), range, limit);
  }

  private KeysetOrder.Placed<T> placed(Row row) throws SQLException {
    return new KeysetOrder.Placed<>(
        reader.from(row), new Position(row.raw("place"), row.word("place_id")));
  }
}
