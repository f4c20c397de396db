package dev.latchkey.connect;

import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** Asks once more before installing makes tables again that are gone with what they held. */
final class EmptyTablesDialog {
  private final DialogLayer layer;

  EmptyTablesDialog(DialogLayer layer) {
    this.layer = layer;
  }

  /** Goes on at once where no table is gone. */
  void askBefore(SchemaOffer offer, Runnable install) {
    List<String> tables = offer.found().comeBackEmpty();
    if (tables.isEmpty()) {
      install.run();
      return;
    }
    Label text =
        new Label(
            "These tables are gone with what they held, and are made again without it. Cancel if a backup has them.");
    text.setWrapText(true);
    Label names = new Label(String.join("\n", tables));
    names.getStyleClass().add(Styles.MONO);
    names.setWrapText(true);
    Button cancel = new Button("Cancel");
    Button apply = new Button("Make them empty");
    apply.setId("make-empty");
    apply.getStyleClass().add(Styles.DANGER_TEXT);
    Dialog dialog =
        new Dialog(
            Dialog.NARROW,
            Icons.DATABASE,
            Tone.DANGER,
            tables.size() == 1
                ? "One table comes back empty"
                : "%d tables come back empty".formatted(tables.size()),
            new VBox(8, text, names),
            Dialog.spring(),
            cancel,
            apply);
    cancel.setOnAction(_ -> layer.close(dialog));
    apply.setOnAction(
        _ -> {
          layer.close(dialog);
          install.run();
        });
    layer.show(dialog);
  }
}
