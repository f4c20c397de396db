package dev.latchkey.access.screen;

import dev.latchkey.access.Person;
import dev.latchkey.kit.list.Cell;
import dev.latchkey.kit.list.Cells;
import dev.latchkey.kit.list.RowColumn;
import dev.latchkey.kit.list.RowColumn.Trait;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes the columns of a list: those that several lists have, and others.
 *
 * @param <T> a row
 * @param <C> what can be sorted by
 */
final class AccessColumns<T, C> {
  private final AccessCells cells;

  AccessColumns(AccessCells cells) {
    this.cells = cells;
  }

  RowColumn<T, C> of(String id, String title, double least, double usual, Cell<T> cell) {
    return RowColumn.of(id, title, least, usual, cell);
  }

  RowColumn<T, C> member(
      double least, double usual, Function<T, Optional<Person>> member, Predicate<T> inForce) {
    return of("member", "Member", least, usual, cells.member(member, inForce))
        .alsoCopies("E-mail", row -> member.apply(row).map(Person::email).orElse(""));
  }

  RowColumn<T, C> role(double least, double usual, Function<T, String> role, Predicate<T> inForce) {
    return of("role", "Role", least, usual, Cells.mono(role, inForce));
  }

  RowColumn<T, C> status(double usual, Function<T, String> word, Function<T, Tone> tone) {
    return of("status", "Status", 88, usual, Cells.badge(word, tone));
  }

  RowColumn<T, C> networks(
      double least, double usual, Function<T, List<String>> networks, Predicate<T> inForce) {
    return of("networks", "Networks", least, usual, cells.networks(networks, inForce))
        .with(Trait.LEFT_OUT_WHEN_TIGHT);
  }

  /** Aligned at the right, as numbers are. */
  RowColumn<T, C> number(
      String id, String title, double least, double usual, Function<T, Integer> number) {
    return of(id, title, least, usual, Cells.number(number)).with(Trait.RIGHT);
  }
}
