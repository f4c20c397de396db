package dev.latchkey.kit.list;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A column of a {@link RowTable}.
 *
 * @param <T> a row
 * @param <C> what can be sorted by
 * @param id tells it from the others, in the stylesheet too
 * @param wide its title, and its entry in the Columns menu
 * @param narrow the title when room is scarce
 * @param name what it is, for the tooltip
 * @param least narrowest width in pixels
 * @param usual width in pixels where there is room
 * @param order what the database sorts by; empty for a column that cannot be sorted
 * @param cell how it shows a row
 * @param copied what is copied where the column is shown
 */
public record RowColumn<T, C>(
    String id,
    String wide,
    String narrow,
    String name,
    double least,
    double usual,
    Optional<C> order,
    Set<Trait> traits,
    Cell<T> cell,
    List<Copied<T>> copied) {

  /**
   * Something that is copied with a row.
   *
   * @param title for the line above the rows
   */
  public record Copied<T>(String title, Function<T, String> text) {}

  /** How a column behaves. */
  public enum Trait {
    /** The row's name: it cannot be hidden. */
    ALWAYS,
    /** Hidden until asked for. */
    HIDDEN_AT_FIRST,
    /** Left out when room is very scarce. */
    LEFT_OUT_WHEN_TIGHT,
    /** Aligned at the right, as numbers are. */
    RIGHT
  }

  public RowColumn {
    traits = Set.copyOf(traits);
    copied = List.copyOf(copied);
  }

  /** A column whose narrow title and tooltip are its title. */
  public static <T, C> RowColumn<T, C> of(
      String id, String title, double least, double usual, Cell<T> cell) {
    return new RowColumn<>(
        id,
        title,
        title,
        title,
        least,
        usual,
        Optional.empty(),
        Set.of(),
        cell,
        List.of(new Copied<>(title, cell.copied())));
  }

  /** Also copies something that the column shows beside its value. */
  public RowColumn<T, C> alsoCopies(String title, Function<T, String> text) {
    List<Copied<T>> more = new ArrayList<>(copied);
    more.add(new Copied<>(title, text));
    return new RowColumn<>(id, wide, narrow, name, least, usual, order, traits, cell, more);
  }

  public RowColumn<T, C> sortedBy(C column) {
    return new RowColumn<>(
        id, wide, narrow, name, least, usual, Optional.of(column), traits, cell, copied);
  }

  public RowColumn<T, C> titled(String shorter, String longer) {
    return new RowColumn<>(id, wide, shorter, longer, least, usual, order, traits, cell, copied);
  }

  public RowColumn<T, C> with(Trait trait) {
    Set<Trait> more = EnumSet.of(trait);
    more.addAll(traits);
    return new RowColumn<>(id, wide, narrow, name, least, usual, order, more, cell, copied);
  }

  public boolean is(Trait trait) {
    return traits.contains(trait);
  }
}
