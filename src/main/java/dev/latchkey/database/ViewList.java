package dev.latchkey.database;

import dev.latchkey.rows.Counts;
import dev.latchkey.rows.Page;
import dev.latchkey.rows.Position;
import dev.latchkey.rows.Range;
import dev.latchkey.rows.RowSource;
import dev.latchkey.rows.Sort;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jdbi.v3.core.statement.Query;

/**
 * A list of a view's rows: filtered, sorted, counted and read in pages by SQL. Every fragment is a
 * constant of ours, values are always bound.
 *
 * @param <T> a row
 * @param <F> the filter
 * @param <C> what can be sorted by
 * @param matches which rows a filter lets through, as a condition
 * @param values binds what the condition refers to
 * @param mostCounted beyond so many rows it is only known that there are more; empty to count all
 */
public record ViewList<T, F, C>(
    Database database,
    ViewQuery<T> view,
    Function<F, String> matches,
    Values<F> values,
    Function<C, ViewQuery.By> order,
    OptionalLong mostCounted)
    implements RowSource<T, F, C, Counts> {

  /** Binds the values of a filter. */
  @FunctionalInterface
  public interface Values<F> {
    Query bind(Query query, F filter);
  }

  @Override
  public Page<T, Position> page(F filter, Sort<C> sort, Range range, int limit) {
    return database.read(
        handle ->
            view.page(
                handle,
                matches.apply(filter),
                query -> values.bind(query, filter),
                order.apply(sort.column()),
                sort.ascending(),
                range,
                limit));
  }

  @Override
  public Counts counts(F filter) {
    String most = mostCounted.isPresent() ? "limit " + (mostCounted.getAsLong() + 1) : "";
    String sql =
        """
        select
          (select count(*) from (select from %1$s where %2$s %3$s) as found) as shown,
          (select count(*) from (select from %1$s %3$s) as found) as all_rows
        """
            .formatted(view.view(), matches.apply(filter), most);
    return database.read(
        handle ->
            values
                .bind(handle.createQuery(sql), filter)
                .map(Row.reading(row -> new Counts(row.number("shown"), row.number("all_rows"))))
                .one());
  }
}
