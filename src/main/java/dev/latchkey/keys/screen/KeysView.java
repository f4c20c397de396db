package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyColumn;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.kit.list.RowKeys;
import dev.latchkey.kit.list.RowTable;
import dev.latchkey.kit.list.RowsBody;
import dev.latchkey.kit.list.StatePane;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.ChipRow;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectWrapper;
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
public final class KeysView extends VBox implements Screen, KeyActions {
  private final KeysViewModel model;
  private final DialogLayer dialogs;
  private final TimedClipboard clipboard;
  private final Times times;
  private final Runnable askForWriteMode;
  private final RowTable<ApiKey, KeyColumn> table;
  private final KeyDrawer drawer;
  private final StatePane states;
  private final RowsBody list;
  private final KeyFilters filters;
  private final ReadOnlyObjectWrapper<StatusLine> statusLine =
      new ReadOnlyObjectWrapper<>(StatusLine.EMPTY);
  private boolean loadedOnce;

  @FXML private Segments<Optional<KeyKind>> kinds;
  @FXML private Button newKey;
  @FXML private HBox newKeyHolder;
  @FXML private SearchField search;
  @FXML private MenuButton account;
  @FXML private ChipRow chips;
  @FXML private MenuButton columns;
  @FXML private HBox body;

  /**
   * @param askForWriteMode turns the operator to the switch in the top bar
   */
  public KeysView(
      KeysViewModel model,
      DialogLayer dialogs,
      TimedClipboard clipboard,
      Times times,
      Tasks tasks,
      Runnable askForWriteMode) {
    this.model = model;
    this.dialogs = dialogs;
    this.clipboard = clipboard;
    this.times = times;
    this.askForWriteMode = askForWriteMode;
    this.table = KeyTable.of(model, times, tasks);
    this.drawer = new KeyDrawer(model, this, clipboard, times);
    this.states = new StatePane(table, tasks, clipboard);
    Fxml.load(this, "keys.fxml");
    buildHead();
    this.filters = new KeyFilters(model, kinds, search, account, chips);
    search.setOnAction(_ -> table.requestFocus());
    columns.setGraphic(Icons.of(Icons.COLUMNS, 14));
    columns.getItems().setAll(table.columnItems());
    this.list = new RowsBody(body, drawer, clipboard, model::reload);
    list.show(states);
    setMinHeight(0);
    table.onRowClicked(this::openSelected);
    addEventHandler(
        KeyEvent.KEY_PRESSED,
        new RowKeys(
            () -> table,
            clipboard,
            this::openSelected,
            () -> table.selected().ifPresent(this::revoke)));
    follow();
  }

  private void buildHead() {
    newKey.setGraphic(Icons.of(Icons.ADD, 14));
    newKey.setOnAction(_ -> createNew());
  }

  private void follow() {
    states.follow(model.table().state(), "keys", this::empty, filters::clear, model::reload);
    model.table().counts().subscribe(_ -> tellStatus());
    model.table().notice().subscribe(_ -> list.tell(List.of(), model.table()));
    model.obstacle().subscribe(this::permit);
    model.drawer().open().subscribe(open -> list.showDrawer(open.isPresent()));
    model.table().latency().subscribe(_ -> tellStatus());
    model.table().selection().subscribe(_ -> selectionChanged());
    times.follow(this, table::refresh);
  }

  private EmptyPane empty() {
    Button first = new Button("New key", Icons.of(Icons.ADD, 14));
    first.getStyleClass().add(Styles.ACCENT);
    first.setOnAction(_ -> createNew());
    first.disableProperty().bind(model.obstacle().map(Optional::isPresent).orElse(false));
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

  private void tellStatus() {
    statusLine.set(StatusLine.of(model.table(), "keys", "%,d"::formatted));
  }

  private void selectionChanged() {
    tellStatus();
    if (model.drawer().open().get().isPresent() && model.table().selection().get().size() == 1) {
      openSelected();
    }
  }

  private void openSelected() {
    table
        .selected()
        .filter(key -> !model.drawer().open().get().equals(Optional.of(key.id())))
        .ifPresent(model.drawer()::show);
  }

  @Override
  public void edit(ApiKey key) {
    if (model.obstacle().get().isEmpty() && !key.isRevoked()) {
      model.edit(key).ifPresent(form -> new EditKeyDialog(form, dialogs, clipboard, times).show());
    }
  }

  @Override
  public void revoke(ApiKey key) {
    if (model.obstacle().get().isEmpty() && !key.isRevoked()) {
      model
          .revoke(key)
          .ifPresent(form -> new RevokeKeyDialog(form, dialogs, clipboard, times).show());
    }
  }

  @Override
  public void askForWriteMode() {
    askForWriteMode.run();
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
    model.lookAtPermission();
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
    model.lookAtPermission();
    if (model.obstacle().get().isEmpty()) {
      model.newKey().ifPresent(form -> new NewKeyDialog(form, dialogs, clipboard, times).show());
    }
  }

  @Override
  public boolean escape() {
    if (model.drawer().open().get().isEmpty()) {
      return false;
    }
    model.drawer().close();
    table.requestFocus();
    return true;
  }

  @Override
  public ObservableValue<StatusLine> statusLine() {
    return statusLine.getReadOnlyProperty();
  }
}
