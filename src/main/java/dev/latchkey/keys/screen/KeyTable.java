package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyColumn;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.list.RowColumn;
import dev.latchkey.kit.list.RowColumn.Trait;
import dev.latchkey.kit.list.RowTable;
import java.util.List;

/** The table of keys and its columns. */
final class KeyTable {
  private static final RowTable.Widths WIDTHS = new RowTable.Widths(900, 690);

  /** Scopes are laid out again when their column has become so much wider or narrower. */
  private static final int CHIP_STEP = 40;

  private KeyTable() {}

  static RowTable<ApiKey, KeyColumn> of(KeysViewModel model, Desk desk) {
    KeyCells cells = new KeyCells(desk.times(), model.calls()::get);
    RowTable<ApiKey, KeyColumn> table =
        new RowTable<>("Keys", model.table(), columns(cells), WIDTHS, desk.tasks());
    model.calls().subscribe((_, _) -> table.refresh());
    table
        .column("scopes")
        .widthProperty()
        .map(width -> width.intValue() / CHIP_STEP)
        .subscribe((_, _) -> table.refresh());
    return table;
  }

  private static List<RowColumn<ApiKey, KeyColumn>> columns(KeyCells cells) {
    return List.of(
        RowColumn.<ApiKey, KeyColumn>of("name", "Name", 124, 204, KeyCells.name())
            .titled("Name", "Name and account")
            .alsoCopies("Account", ApiKey::owner)
            .sortedBy(KeyColumn.NAME)
            .with(Trait.ALWAYS),
        RowColumn.<ApiKey, KeyColumn>of("key", "Key", 90, 124, cells.key())
            .titled("Key", "First and last characters of the key")
            .sortedBy(KeyColumn.KEY)
            .with(Trait.LEFT_OUT_WHEN_TIGHT),
        RowColumn.<ApiKey, KeyColumn>of("kind", "Kind", 81, 108, cells.kind())
            .sortedBy(KeyColumn.KIND)
            .with(Trait.LEFT_OUT_WHEN_TIGHT),
        RowColumn.<ApiKey, KeyColumn>of("scopes", "Scopes", 132, 252, cells.scopes())
            .titled("Scopes", "What the key may do")
            .sortedBy(KeyColumn.SCOPES),
        RowColumn.<ApiKey, KeyColumn>of("status", "Status", 103, 132, cells.status())
            .sortedBy(KeyColumn.STATUS),
        RowColumn.<ApiKey, KeyColumn>of("last_used", "Last used", 52, 92, cells.lastUsed())
            .titled("Used", "Last used")
            .sortedBy(KeyColumn.LAST_USED),
        RowColumn.<ApiKey, KeyColumn>of("chart", "14 days", 52, 84, cells.chart())
            .titled("14 d", "Calls on each of the last 14 days")
            .with(Trait.LEFT_OUT_WHEN_TIGHT),
        RowColumn.<ApiKey, KeyColumn>of("expires", "Expires", 68, 94, cells.expires())
            .sortedBy(KeyColumn.EXPIRES)
            .with(Trait.RIGHT),
        RowColumn.<ApiKey, KeyColumn>of("created", "Created", 76, 96, cells.created())
            .sortedBy(KeyColumn.CREATED)
            .with(Trait.HIDDEN_AT_FIRST));
  }
}
