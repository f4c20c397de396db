package dev.latchkey.kit.list;

import dev.latchkey.kit.Desk;
import dev.latchkey.kit.StatusLine;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.event.EventHandler;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.input.KeyEvent;

/**
 * A list of a screen: its table or what stands for it, its keys, and what the status bar says of
 * it. While the drawer is open it follows the selection.
 *
 * @param <T> a row
 * @param <C> what can be sorted by
 */
public final class ListPane<T, C> {
  private final Rows<T, ?, C, ?> rows;
  private final String what;
  private final LongFunction<String> number;
  private final RowTable<T, C> table;
  private final ListActs<T> acts;
  private final BooleanSupplier drawerIsOpen;
  private final StatePane pane;
  private final EventHandler<KeyEvent> keys;
  private final ReadOnlyObjectWrapper<StatusLine> statusLine =
      new ReadOnlyObjectWrapper<>(StatusLine.EMPTY);

  /**
   * @param what the rows' name in the plural ("keys"); the table's id is {@code keys-table}
   * @param number says a number of rows
   * @param drawerIsOpen whether details of one of the rows are shown now
   */
  public ListPane(
      Rows<T, ?, C, ?> rows,
      String what,
      LongFunction<String> number,
      RowTable<T, C> table,
      ListActs<T> acts,
      BooleanSupplier drawerIsOpen,
      Desk desk) {
    this.rows = rows;
    this.what = what;
    this.number = number;
    this.table = table;
    this.acts = acts;
    this.drawerIsOpen = drawerIsOpen;
    this.pane = new StatePane(table, desk.tasks(), desk.clipboard());
    this.keys =
        new RowKeys(
            table,
            desk.clipboard(),
            this::openSelected,
            () -> table.selected().ifPresent(acts.end()));
    table.setId(what + "-table");
    table.onRowClicked(this::openSelected);
    pane.follow(rows.state(), what, acts.empty(), acts.clearFilter(), acts.reload());
    rows.counts().subscribe(_ -> tellStatus());
    rows.latency().subscribe(_ -> tellStatus());
    rows.selection().subscribe(_ -> selectionChanged());
  }

  /** The table, or what is shown while there is nothing in it. */
  public StatePane pane() {
    return pane;
  }

  public Rows<T, ?, C, ?> rows() {
    return rows;
  }

  public RowTable<T, C> table() {
    return table;
  }

  public List<CheckMenuItem> columnItems() {
    return table.columnItems();
  }

  /** The keyboard, where the table has the focus. */
  public EventHandler<KeyEvent> keys() {
    return keys;
  }

  public ReadOnlyObjectProperty<StatusLine> statusLine() {
    return statusLine.getReadOnlyProperty();
  }

  private void tellStatus() {
    statusLine.set(StatusLine.of(rows, what, number));
  }

  private void selectionChanged() {
    tellStatus();
    if (drawerIsOpen.getAsBoolean() && rows.selection().get().size() == 1) {
      openSelected();
    }
  }

  private void openSelected() {
    table.selected().ifPresent(acts.open());
  }
}
