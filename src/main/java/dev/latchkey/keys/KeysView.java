package dev.latchkey.keys;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.ChipRow;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.RowTable;
import dev.latchkey.widget.RowsState;
import dev.latchkey.widget.Screen;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.StatePane;
import dev.latchkey.widget.StatusLine;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.MenuButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/** The screen of keys: filters, the table, and the details of one key. */
public final class KeysView extends VBox implements Screen, KeyActions {
  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  private final KeysViewModel model;
  private final DialogLayer dialogs;
  private final TimedClipboard clipboard;
  private final Times times;
  private final Tasks tasks;
  private final Runnable askForWriteMode;
  private final RowTable<ApiKey, KeyColumn> table;
  private final KeyDrawer drawer;
  private final StatePane states;
  private final VBox notice = new VBox();
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
  private Subscription zone = Subscription.EMPTY;

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
    this.tasks = tasks;
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
    buildBody();
    follow();
  }

  private void buildHead() {
    newKey.setGraphic(Icons.of(Icons.ADD, 14));
    newKey.setOnAction(_ -> createNew());
  }

  private void buildBody() {
    StackPane content = new StackPane(states);
    VBox left = new VBox(notice, content);
    VBox.setVgrow(content, Priority.ALWAYS);
    HBox.setHgrow(left, Priority.ALWAYS);
    left.setMinWidth(0);
    left.setPrefWidth(0);
    body.getChildren().setAll(left);
    body.setMinHeight(0);
    setMinHeight(0);
    content.setMinHeight(0);
    VBox.setVgrow(body, Priority.ALWAYS);
    notice.getStyleClass().add("lk-notice");
    notice.managedProperty().bind(Bindings.isNotEmpty(notice.getChildren()));
    table.onRowClicked(this::openSelected);
    addEventHandler(KeyEvent.KEY_PRESSED, this::keyPressed);
  }

  private void follow() {
    model.table().state().subscribe(this::showState);
    model.table().counts().subscribe(_ -> tellStatus());
    model.table().notice().subscribe(this::showNotice);
    model.obstacle().subscribe(this::permit);
    model.drawer().open().subscribe(open -> showDrawer(open.isPresent()));
    model.table().latency().subscribe(_ -> tellStatus());
    model.table().selection().subscribe(_ -> selectionChanged());
    sceneProperty().subscribe(scene -> followZone(scene != null));
  }

  /** The zone outlives this screen: it is listened to only while the screen is shown. */
  private void followZone(boolean shown) {
    zone.unsubscribe();
    zone = shown ? times.zone().subscribe(_ -> table.refresh()) : Subscription.EMPTY;
  }

  private void showState(RowsState state) {
    switch (state) {
      case RowsState.Loading _ -> states.loading();
      case RowsState.Shown _ -> states.content();
      case RowsState.Empty _ -> states.empty(empty());
      case RowsState.NothingFound _ -> states.nothingFound("keys", filters::clear);
      case RowsState.Failed failed -> showFailed(failed.failure());
    }
  }

  private void showFailed(DatabaseFailure failure) {
    if (failure instanceof DatabaseFailure.NotAllowed) {
      states.noPermission("keys", "latchkey_operator or latchkey_auditor");
    } else {
      states.failed(failure, model::reload);
    }
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

  private void showNotice(Optional<DatabaseFailure> failure) {
    notice.getChildren().clear();
    failure.ifPresent(
        told -> {
          Button dismiss = Icons.button(Icons.CLOSE, "Dismiss", model.table()::dismissNotice);
          ErrorPane pane = ErrorPane.inline(told, clipboard);
          HBox.setHgrow(pane, Priority.ALWAYS);
          Button retry = new Button("Reload", Icons.of(Icons.RELOAD, 14));
          retry.getStyleClass().add(Styles.SMALL);
          retry.setOnAction(_ -> model.reload());
          retry.setMinWidth(USE_PREF_SIZE);
          HBox line = new HBox(8, pane, retry, dismiss);
          line.setAlignment(Pos.CENTER_LEFT);
          notice.getChildren().setAll(line);
        });
  }

  private void permit(Optional<String> obstacle) {
    newKey.setDisable(obstacle.isPresent());
    // A disabled button shows no tooltip of its own.
    Tooltip.install(newKeyHolder, new Tooltip(obstacle.orElse("New key (N)")));
  }

  private void showDrawer(boolean open) {
    if (open && !body.getChildren().contains(drawer)) {
      body.getChildren().add(drawer);
    } else if (!open) {
      body.getChildren().remove(drawer);
    }
  }

  private void tellStatus() {
    String rows = model.table().counts().get().map(KeysView::told).orElse("");
    statusLine.set(
        new StatusLine(
            rows, model.table().selection().get().size(), model.table().latency().get()));
  }

  private static String told(KeyCounts counts) {
    return counts.shown() == counts.all()
        ? "%,d keys".formatted(counts.all())
        : "%,d of %,d keys".formatted(counts.shown(), counts.all());
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

  private void keyPressed(KeyEvent event) {
    if (COPY.match(event) && table.isFocused()) {
      clipboard.copy(table.selectedText());
      event.consume();
    } else if (event.getCode() == KeyCode.ENTER && table.isFocused()) {
      openSelected();
      event.consume();
    } else if (event.getCode() == KeyCode.DELETE && table.isFocused()) {
      table.selected().ifPresent(this::revoke);
      event.consume();
    }
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
