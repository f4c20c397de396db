package dev.latchkey.access.screen;

import dev.latchkey.kit.list.RowTable;
import dev.latchkey.task.Tasks;

/** The tables of the lists. */
final class AccessTables {
  static final RowTable.Widths WIDTHS = new RowTable.Widths(980, 640);

  private final AccessViewModel model;
  private final AccessCells cells;
  private final Tasks tasks;

  AccessTables(AccessViewModel model, AccessCells cells, Tasks tasks) {
    this.model = model;
    this.cells = cells;
    this.tasks = tasks;
  }

  RowTable<?, ?> of(AccessList list) {
    RowTable<?, ?> table =
        switch (list) {
          case GRANTS -> GrantTable.of(model, cells, tasks);
          case MEMBERS -> MemberTable.of(model, cells, tasks);
          case TOKENS -> TokenTable.of(model, cells, tasks);
          case SESSIONS -> SessionTable.of(model, cells, tasks);
          case LOGINS -> LoginTable.of(model, cells, tasks);
        };
    table.setId(list.plural() + "-table");
    return table;
  }
}
