package dev.latchkey.kit.list;

import dev.latchkey.rows.Failure;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import java.util.List;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** The body of a screen of rows: notices, below them the rows, and beside both the drawer. */
public final class RowsBody {
  private final HBox body;
  private final Node drawer;
  private final TimedClipboard clipboard;
  private final Runnable reload;
  private final VBox notice = new VBox();
  private final StackPane content = new StackPane();

  /**
   * @param body what of the screen's layout it fills
   * @param drawer the details of a row
   * @param reload what is offered beside a failure
   */
  public RowsBody(HBox body, Region drawer, TimedClipboard clipboard, Runnable reload) {
    this.body = body;
    this.drawer = drawer;
    this.clipboard = clipboard;
    this.reload = reload;
    VBox left = new VBox(notice, content);
    VBox.setVgrow(content, Priority.ALWAYS);
    HBox.setHgrow(left, Priority.ALWAYS);
    left.setMinWidth(0);
    left.setPrefWidth(0);
    body.getChildren().setAll(left);
    body.setMinHeight(0);
    content.setMinHeight(0);
    VBox.setVgrow(body, Priority.ALWAYS);
    notice.getStyleClass().add("lk-notice");
    notice.managedProperty().bind(Bindings.isNotEmpty(notice.getChildren()));
  }

  /** Shows these rows, in whatever state they are. */
  public void show(StatePane rows) {
    content.getChildren().setAll(rows);
  }

  /** Puts the drawer beside the rows, or takes it away. */
  public void showDrawer(boolean open) {
    if (!open) {
      body.getChildren().remove(drawer);
    } else if (!body.getChildren().contains(drawer)) {
      body.getChildren().add(drawer);
    }
  }

  /**
   * Tells above the rows what there is to tell now, in place of what was told before.
   *
   * @param notes told first
   * @param rows whose notice is told, and can be dismissed
   */
  public void tell(List<? extends Node> notes, Rows<?, ?, ?, ?> rows) {
    notice.getChildren().setAll(notes);
    Optional<Failure> failure = rows.notice().get();
    failure.ifPresent(told -> notice.getChildren().add(line(told, rows::dismissNotice)));
  }

  private HBox line(Failure failure, Runnable onDismissed) {
    ErrorPane pane = ErrorPane.inline(failure, clipboard);
    HBox.setHgrow(pane, Priority.ALWAYS);
    Button retry = new Button("Reload", Icons.of(Icons.RELOAD, 14));
    retry.getStyleClass().add(Styles.SMALL);
    retry.setOnAction(_ -> reload.run());
    retry.setMinWidth(Region.USE_PREF_SIZE);
    HBox line = new HBox(8, pane, retry, Icons.button(Icons.CLOSE, "Dismiss", onDismissed));
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }
}
