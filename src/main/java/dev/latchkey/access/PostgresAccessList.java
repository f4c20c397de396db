package dev.latchkey.access;

import dev.latchkey.database.Database;
import dev.latchkey.database.Row;
import dev.latchkey.database.ViewQuery;
import dev.latchkey.rows.Page;
import dev.latchkey.rows.Position;
import dev.latchkey.rows.Range;
import dev.latchkey.rows.RowSource;
import dev.latchkey.rows.Sort;
import java.util.function.Function;

/**
 * One list of the screen: filtered, sorted, counted and read in pages by SQL. Every fragment is a
 * constant of ours, values are always bound.
 *
 * @param <T> a row
 * @param <C> what can be sorted by
 * @param searched the texts of a row that a filter looks into
 */
record PostgresAccessList<T, C>(
    Database database, ViewQuery<T> view, String searched, Function<C, ViewQuery.By> order)
    implements RowSource<T, AccessFilter, C, AccessCounts> {

  @Override
  public Page<T, Position> page(AccessFilter filter, Sort<C> sort, Range range, int limit) {
    return database.read(
        handle ->
            view.page(
                handle,
                matches(filter),
                query -> query.bind("text", filter.text()),
                order.apply(sort.column()),
                sort.ascending(),
                range,
                limit));
  }

  @Override
  public AccessCounts counts(AccessFilter filter) {
    String sql =
        """
        select
          (select count(*) from (select from %1$s where %2$s limit %3$d) as found) as shown,
          (select count(*) from (select from %1$s limit %3$d) as found) as all_rows
        """
            .formatted(view.view(), matches(filter), AccessCounts.MOST + 1);
    return database.read(
        handle ->
            handle
                .createQuery(sql)
                .bind("text", filter.text())
                .map(
                    Row.reading(
                        row -> new AccessCounts(row.number("shown"), row.number("all_rows"))))
                .one());
  }

  private String matches(AccessFilter filter) {
    String found =
        "(:text = '' or strpos(lower(concat_ws(' ', %s) collate \"default\"), lower(:text)) > 0)"
            .formatted(searched);
    return filter.refusedOnly() ? found + " and not l.accepted" : found;
  }
}
