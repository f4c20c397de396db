package dev.latchkey.access.screen;

import dev.latchkey.access.AccessFilter;
import dev.latchkey.access.Enforcement;
import dev.latchkey.database.Endpoint;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.Found;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.kit.list.RowsBody;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.MenuButton;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The screen of temporary access: state and policy, the lists, and the details of one row. */
public final class AccessView extends VBox implements Screen {
  /** Milliseconds after which what counts down is drawn again. */
  private static final long MINUTE = 20_000;

  private final AccessViewModel model;
  private final Tasks tasks;
  private final AccessDialogs dialogs;
  private final AccessFinder finder;
  private final AccessLists lists;
  private final RowsBody rows;
  private final AccessCard card;
  private boolean loadedOnce;
  private boolean visible;
  private Tasks.Job clock = () -> {};

  @FXML private CheckBox refusedOnly;
  @FXML private SearchField search;
  @FXML private MenuButton listMenu;
  @FXML private MenuButton columns;
  @FXML private HBox newHolder;
  @FXML private Button newGrant;
  @FXML private VBox cardHolder;
  @FXML private HBox body;

  /**
   * @param endpoint where connection strings lead to; empty where nobody can sign in
   */
  public AccessView(AccessViewModel model, Optional<Endpoint> endpoint, Desk desk) {
    this.model = model;
    this.tasks = desk.tasks();
    this.dialogs = new AccessDialogs(model, endpoint, desk);
    this.finder = new AccessFinder(model);
    this.lists = new AccessLists(model, dialogs, desk, this::clearFilter);
    Fxml.load(this, "access.fxml");
    this.card = new AccessCard(model, dialogs, desk.times());
    cardHolder.getChildren().setAll(card);
    this.rows =
        new RowsBody(
            body,
            new AccessPortraits(model, dialogs, desk).drawer(),
            desk.clipboard(),
            model::reload);
    buildHead();
    setMinHeight(0);
    addEventHandler(KeyEvent.KEY_PRESSED, event -> lists.shown().keys().handle(event));
    follow(desk.times());
  }

  private void buildHead() {
    newGrant.setGraphic(Icons.of(Icons.ADD, 14));
    newGrant.setOnAction(_ -> dialogs.createNew());
    listMenu.setGraphic(Icons.of(Icons.FILTER, 14));
    columns.setGraphic(Icons.of(Icons.COLUMNS, 14));
    ToggleGroup group = new ToggleGroup();
    for (AccessList list : AccessList.values()) {
      RadioMenuItem item = new RadioMenuItem(list.label());
      item.setToggleGroup(group);
      item.setId("list-" + list.plural());
      item.setOnAction(_ -> model.list().set(list));
      model.list().subscribe(now -> item.setSelected(now == list));
      listMenu.getItems().add(item);
    }
    search.textProperty().subscribe((_, text) -> model.rows().search(text));
    search.setOnAction(_ -> lists.shown().table().requestFocus());
    refusedOnly.managedProperty().bind(refusedOnly.visibleProperty());
    refusedOnly
        .selectedProperty()
        .subscribe(
            (_, only) -> model.logins().adjustFilter(filter -> filter.withRefusedOnly(only)));
  }

  private void follow(Times times) {
    model.list().subscribe(this::showList);
    model.permission().obstacle().subscribe(this::permit);
    model.drawer().open().subscribe(open -> rows.showDrawer(open.isPresent()));
    model.enforcement().subscribe((_, _) -> showNotice());
    for (AccessList each : AccessList.values()) {
      model.rows(each).notice().subscribe((_, _) -> showNotice());
    }
    times.follow(this, lists::refresh);
  }

  private void showList(AccessList now) {
    rows.show(lists.pane(now).pane());
    listMenu.setText(now.label());
    listMenu.setAccessibleText("List: " + now.label());
    refusedOnly.setVisible(now == AccessList.LOGINS);
    columns.getItems().setAll(lists.pane(now).columnItems());
    newGrant.setText(now == AccessList.MEMBERS ? "Add member…" : "Grant access…");
    showNotice();
  }

  private void showNotice() {
    rows.tell(model.enforcement().get().map(this::told).stream().toList(), model.rows());
  }

  private Note told(Enforcement done) {
    Note note = new Note(done.left() == 0 ? Tone.SUCCESS : Tone.DANGER, done.sentence());
    note.setId("enforcement");
    return note.with(Icons.button(Icons.CLOSE, "Dismiss", model::dismissEnforcement));
  }

  private void clearFilter() {
    search.clear();
    refusedOnly.setSelected(false);
    model.rows().filterBy(AccessFilter.ALL);
  }

  private void permit(Optional<String> obstacle) {
    newGrant.setDisable(obstacle.isPresent());
    // A disabled button shows no tooltip of its own.
    Tooltip.install(newHolder, new Tooltip(obstacle.orElse("Grant access or add a member (N)")));
  }

  /** Opens what the buttons of this screen open. */
  AccessDialogs dialogs() {
    return dialogs;
  }

  @Override
  public Parent root() {
    return this;
  }

  @Override
  public void shown() {
    visible = true;
    if (!loadedOnce) {
      loadedOnce = true;
      model.reload();
    }
    model.permission().look();
    tick();
  }

  @Override
  public void hidden() {
    visible = false;
    clock.cancel();
  }

  /** What counts down is drawn again now and then, while somebody looks. */
  private void tick() {
    clock.cancel();
    clock =
        tasks.later(
            MINUTE,
            () -> {
              if (visible) {
                lists.shown().table().refresh();
                card.refresh();
                tick();
              }
            });
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
  public void find(String words, Consumer<List<Found>> found) {
    finder.find(words, found);
  }

  @Override
  public boolean escape() {
    if (model.drawer().open().get().isEmpty()) {
      return false;
    }
    model.drawer().close();
    lists.shown().table().requestFocus();
    return true;
  }

  @Override
  public ObservableValue<StatusLine> statusLine() {
    return lists.statusLine();
  }
}
