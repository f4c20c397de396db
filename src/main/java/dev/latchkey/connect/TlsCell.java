package dev.latchkey.connect;

import dev.latchkey.database.TlsMode;
import dev.latchkey.widget.Styles;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;

/** A TLS mode with what it gives. */
final class TlsCell extends ListCell<TlsMode> {
  private final Label parameter = new Label();
  private final Label meaning = new Label();
  private final HBox content = new HBox(8, parameter, meaning);

  TlsCell() {
    parameter.getStyleClass().add(Styles.MONO);
    parameter.setMinWidth(USE_PREF_SIZE);
    meaning.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    content.setAlignment(Pos.CENTER_LEFT);
  }

  @Override
  protected void updateItem(TlsMode mode, boolean empty) {
    super.updateItem(mode, empty);
    if (empty || mode == null) {
      setGraphic(null);
      return;
    }
    parameter.setText(mode.parameter());
    meaning.setText("· " + mode.meaning());
    setAccessibleText(mode.parameter() + ", " + mode.meaning());
    setGraphic(content);
  }
}
