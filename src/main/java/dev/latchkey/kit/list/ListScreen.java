package dev.latchkey.kit.list;

import dev.latchkey.kit.Desk;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.kit.drawer.OpenDetails;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.SearchField;
import java.util.List;
import java.util.Locale;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * A screen with one list and a drawer: a title, filters, the list, and the details of a row. A
 * screen that needs more lays out its own and uses the parts of this one.
 */
public final class ListScreen extends VBox implements Screen {
  private final ListPane<?, ?> list;
  private final OpenDetails<?, ?> open;
  private final Runnable reload;
  private boolean loadedOnce;

  @FXML private Label title;
  @FXML private HBox beside;
  @FXML private SearchField search;
  @FXML private HBox filters;
  @FXML private MenuButton columns;
  @FXML private HBox body;

  /**
   * @param prompt what can be searched for
   * @param drawer shows what is open
   * @param reload reads everything that is shown again
   */
  public ListScreen(
      String title,
      String prompt,
      ListPane<?, ?> list,
      OpenDetails<?, ?> open,
      Region drawer,
      Runnable reload,
      Desk desk) {
    this.list = list;
    this.open = open;
    this.reload = reload;
    Fxml.load(this, "list.fxml");
    String id = title.toLowerCase(Locale.ROOT);
    this.title.setText(title);
    search.setId(id + "-filter");
    search.setPromptText(prompt);
    search.textProperty().subscribe((_, text) -> list.rows().search(text));
    search.setOnAction(_ -> list.table().requestFocus());
    columns.setId(id + "-columns");
    columns.setGraphic(Icons.of(Icons.COLUMNS, 14));
    columns.getItems().setAll(list.columnItems());
    RowsBody rows = new RowsBody(body, drawer, desk.clipboard(), reload);
    rows.show(list.pane());
    setMinHeight(0);
    addEventHandler(KeyEvent.KEY_PRESSED, list.keys());
    list.rows().notice().subscribe(_ -> rows.tell(List.of(), list.rows()));
    open.open().subscribe(now -> rows.showDrawer(now.isPresent()));
    desk.times().follow(this, list.table()::refresh);
  }

  /** Puts something at the right of the title. */
  public ListScreen beside(Node... parts) {
    beside.getChildren().setAll(parts);
    return this;
  }

  /** Puts filters at the right of the search field. */
  public ListScreen filters(Node... parts) {
    filters.getChildren().setAll(parts);
    return this;
  }

  /** Empties the search field. */
  public void clearSearch() {
    search.clear();
  }

  @Override
  public Parent root() {
    return this;
  }

  @Override
  public void shown() {
    if (!loadedOnce) {
      loadedOnce = true;
      reload.run();
    }
  }

  @Override
  public void reload() {
    reload.run();
  }

  @Override
  public void focusFilter() {
    search.requestFocus();
    search.selectAll();
  }

  @Override
  public boolean escape() {
    if (open.open().get().isEmpty()) {
      return false;
    }
    open.close();
    list.table().requestFocus();
    return true;
  }

  @Override
  public ObservableValue<StatusLine> statusLine() {
    return list.statusLine();
  }
}
