package dev.latchkey.database;

import dev.latchkey.rows.Page;
import dev.latchkey.rows.Position;
import dev.latchkey.rows.Range;
import java.util.List;
import java.util.Optional;

/**
 * The SQL of a keyset page: order, and where to read on. Rows without a value of the sort column
 * come last in both directions; the id decides between equal ones. Every fragment is a constant of
 * ours, values are always bound.
 *
 * @param expression the sort column
 * @param type what a bound value of it is cast to
 * @param id the unique column
 * @param idType what a bound id is cast to
 */
public record KeysetOrder(
    String expression, String type, String id, String idType, boolean ascending) {

  /** A row and its place in the order it was read in. */
  public record Placed<T>(T row, Position position) {}

  /** Rows in reading order, or in the opposite one for reading backwards. */
  public String orderBy(Range range) {
    boolean forwards = isForwards(range);
    String direction = ascending == forwards ? "asc" : "desc";
    String nulls = forwards ? "last" : "first";
    return "%s %s nulls %s, %s %s".formatted(expression, direction, nulls, id, direction);
  }

  /** Which rows a range has; refers to the parameters {@code value} and {@code id}. */
  public String condition(Range range) {
    return switch (range) {
      case Range.First _ -> "true";
      case Range.After(Position place) -> beyond(place, true, false);
      case Range.Before(Position place) -> beyond(place, false, false);
      case Range.From(Position place) -> beyond(place, true, true);
    };
  }

  private String beyond(Position position, boolean forwards, boolean withIt) {
    String comparison = (ascending == forwards ? ">" : "<") + (withIt ? "=" : "");
    String bound = "cast(:id as " + idType + ")";
    if (position.value().isEmpty()) {
      return forwards
          ? "(%s is null and %s %s %s)".formatted(expression, id, comparison, bound)
          : "(%s is not null or %s %s %s)".formatted(expression, id, comparison, bound);
    }
    String row =
        "(%s, %s) %s (cast(:value as %s), %s)".formatted(expression, id, comparison, type, bound);
    return forwards ? "(%s or %s is null)".formatted(row, expression) : row;
  }

  private static boolean isForwards(Range range) {
    return !(range instanceof Range.Before);
  }

  /**
   * A page of rows that were read with one to spare, which only tells that there are more. On the
   * side that was come from there may be rows as long as the place says so.
   */
  public static <T> Page<T, Position> page(List<Placed<T>> read, Range range, int limit) {
    boolean more = read.size() > limit;
    List<Placed<T>> kept = more ? read.subList(0, limit) : read;
    List<Placed<T>> rows = isForwards(range) ? kept : kept.reversed();
    Optional<Position> first = rows.stream().findFirst().map(Placed::position);
    Optional<Position> last = rows.isEmpty() ? first : Optional.of(rows.getLast().position());
    Optional<Position> before =
        switch (range) {
          case Range.First _ -> Optional.empty();
          case Range.After _, Range.From _ -> first.or(range::position);
          case Range.Before _ -> more ? first : Optional.empty();
        };
    Optional<Position> after =
        switch (range) {
          case Range.Before _ -> last.or(range::position);
          case Range.First _, Range.After _, Range.From _ -> more ? last : Optional.empty();
        };
    return new Page<>(rows.stream().map(Placed::row).toList(), before, after);
  }
}
