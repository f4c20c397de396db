package dev.latchkey.kit.list;

import dev.latchkey.widget.TimedClipboard;
import javafx.event.EventHandler;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;

/** What the keyboard does in a table that has the focus: copy, open and end the selected row. */
public final class RowKeys implements EventHandler<KeyEvent> {
  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  private final RowTable<?, ?> table;
  private final TimedClipboard clipboard;
  private final Runnable open;
  private final Runnable end;

  /**
   * @param open Enter
   * @param end Delete; it asks first
   */
  public RowKeys(RowTable<?, ?> table, TimedClipboard clipboard, Runnable open, Runnable end) {
    this.table = table;
    this.clipboard = clipboard;
    this.open = open;
    this.end = end;
  }

  @Override
  public void handle(KeyEvent event) {
    if (!table.isFocused()) {
      return;
    }
    if (COPY.match(event)) {
      clipboard.copy(table.selectedText());
      event.consume();
    } else if (event.getCode() == KeyCode.ENTER) {
      open.run();
      event.consume();
    } else if (event.getCode() == KeyCode.DELETE) {
      end.run();
      event.consume();
    }
  }
}
