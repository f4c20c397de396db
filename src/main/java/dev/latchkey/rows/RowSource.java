package dev.latchkey.rows;

/**
 * Where a table's rows come from, already filtered, sorted and counted. Everything blocks; for use
 * inside a job.
 *
 * @param <T> a row
 * @param <F> the filter
 * @param <C> what can be sorted by
 * @param <N> the numbers
 */
public interface RowSource<T, F, C, N> {
  /** At most {@code limit} rows of a stretch of the sorted table. */
  Page<T, Position> page(F filter, Sort<C> sort, Range range, int limit);

  N counts(F filter);
}
