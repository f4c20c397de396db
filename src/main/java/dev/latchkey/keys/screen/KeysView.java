package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyColumn;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.kit.list.ListActs;
import dev.latchkey.kit.list.ListPane;
import dev.latchkey.kit.list.RowsBody;
import dev.latchkey.widget.ChipRow;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import java.util.List;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.MenuButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The screen of keys: filters, the table, and the details of one key. */
public final class KeysView extends VBox implements Screen {
  private final KeysViewModel model;
  private final KeyDialogs dialogs;
  private final ListPane<ApiKey, KeyColumn> list;
  private final RowsBody rows;
  private final KeyFilters filters;
  private boolean loadedOnce;

  @FXML private Segments<Optional<KeyKind>> kinds;
  @FXML private Button newKey;
  @FXML private HBox newKeyHolder;
  @FXML private SearchField search;
  @FXML private MenuButton account;
  @FXML private ChipRow chips;
  @FXML private MenuButton columns;
  @FXML private HBox body;

  public KeysView(KeysViewModel model, Desk desk) {
    this.model = model;
    this.dialogs = new KeyDialogs(model, desk);
    Fxml.load(this, "keys.fxml");
    newKey.setGraphic(Icons.of(Icons.ADD, 14));
    newKey.setOnAction(_ -> createNew());
    this.filters = new KeyFilters(model, kinds, search, account, chips);
    this.list =
        new ListPane<>(
            model.table(),
            "keys",
            "%,d"::formatted,
            KeyTable.of(model, desk),
            new ListActs<>(
                model::show, dialogs::revoke, this::empty, filters::clear, model::reload),
            () -> model.drawer().open().get().isPresent(),
            desk);
    this.rows =
        new RowsBody(
            body, new KeyPortraits(model, dialogs, desk).drawer(), desk.clipboard(), model::reload);
    rows.show(list.pane());
    search.setOnAction(_ -> list.table().requestFocus());
    columns.setGraphic(Icons.of(Icons.COLUMNS, 14));
    columns.getItems().setAll(list.columnItems());
    setMinHeight(0);
    addEventHandler(KeyEvent.KEY_PRESSED, list.keys());
    model.table().notice().subscribe(_ -> rows.tell(List.of(), model.table()));
    model.permission().obstacle().subscribe(this::permit);
    model.drawer().open().subscribe(open -> rows.showDrawer(open.isPresent()));
    desk.times().follow(this, list.table()::refresh);
  }

  private EmptyPane empty() {
    Button first = new Button("New key", Icons.of(Icons.ADD, 14));
    first.getStyleClass().add(Styles.ACCENT);
    first.setOnAction(_ -> createNew());
    first
        .disableProperty()
        .bind(model.permission().obstacle().map(Optional::isPresent).orElse(false));
    return new EmptyPane(
        Icons.KEYS,
        "No keys yet",
        "A key lets a program call this database: for one account within scopes, or for the whole"
            + " project.",
        first);
  }

  private void permit(Optional<String> obstacle) {
    newKey.setDisable(obstacle.isPresent());
    // A disabled button shows no tooltip of its own.
    Tooltip.install(newKeyHolder, new Tooltip(obstacle.orElse("New key (N)")));
  }

  @Override
  public Parent root() {
    return this;
  }

  @Override
  public void shown() {
    if (!loadedOnce) {
      loadedOnce = true;
      model.reload();
    }
    model.permission().look();
  }

  @Override
  public void reload() {
    model.reload();
  }

  @Override
  public void focusFilter() {
    search.requestFocus();
    search.selectAll();
  }

  @Override
  public void createNew() {
    dialogs.createNew();
  }

  @Override
  public boolean escape() {
    if (model.drawer().open().get().isEmpty()) {
      return false;
    }
    model.drawer().close();
    list.table().requestFocus();
    return true;
  }

  @Override
  public ObservableValue<StatusLine> statusLine() {
    return list.statusLine();
  }
}
