package dev.latchkey.desktop;

import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.LinkedHashMap;
import java.util.Map;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;

/** What the keyboard can do, on F1. */
final class HelpSheet {
  private static final String SHORTCUT =
      System.getProperty("os.name").startsWith("Mac") ? "Cmd " : "Ctrl ";

  private final DialogLayer layer;

  HelpSheet(DialogLayer layer) {
    this.layer = layer;
  }

  /** "Ctrl K", on a Mac "Cmd K". */
  static String shortcut(String key) {
    return SHORTCUT + key;
  }

  void open() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put(shortcut("K"), "Search, or run a command");
    keys.put(shortcut("1 … 5"), "Go to Overview, Keys, Usage, Temporary access, Audit");
    keys.put(shortcut(","), "Go to Preferences");
    keys.put("F", "Put the cursor into the filter");
    keys.put("N", "New: a key, a grant, or a connection");
    keys.put("Enter", "Show details of the selected row");
    keys.put("Esc", "Close what is open");
    keys.put("Delete", "Revoke, block or terminate what is selected; asks first");
    keys.put("F5", "Reload");
    keys.put(shortcut("C"), "Copy the selected rows");
    keys.put("F1", "This sheet");
    GridPane grid = new GridPane();
    grid.getStyleClass().add("lk-help");
    int row = 0;
    for (Map.Entry<String, String> key : keys.entrySet()) {
      Label cap = new Label(key.getKey());
      cap.getStyleClass().add(Styles.KEY_CAP);
      Label what = new Label(key.getValue());
      what.getStyleClass().add(Styles.DENSE);
      grid.addRow(row++, cap, what);
    }
    Button close = new Button("Close");
    Dialog dialog =
        new Dialog(
            Dialog.NORMAL, Icons.HELP, Tone.NEUTRAL, "Keyboard", grid, Dialog.spring(), close);
    close.setOnAction(_ -> layer.close(dialog));
    layer.show(dialog);
  }
}
