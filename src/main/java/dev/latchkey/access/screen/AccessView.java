package dev.latchkey.access.screen;

import dev.latchkey.access.AccessFilter;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Enforcement;
import dev.latchkey.access.Grant;
import dev.latchkey.access.LiveSession;
import dev.latchkey.access.Person;
import dev.latchkey.change.Subject;
import dev.latchkey.database.Endpoint;
import dev.latchkey.kit.Found;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.kit.list.RowsBody;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.TimedClipboard;
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
public final class AccessView extends VBox implements Screen, AccessActions {
  /** Milliseconds after which what counts down is drawn again. */
  private static final long MINUTE = 20_000;

  private final AccessViewModel model;
  private final Tasks tasks;
  private final AccessDialogs actions;
  private final AccessFinder finder;
  private final AccessDrawer drawer;
  private final AccessLists rows;
  private final RowsBody list;
  private final AccessCard card;
  private boolean loadedOnce;
  private boolean visible;
  private Tasks.Job clock = () -> {};

  @FXML private CheckBox refusedOnly;
  @FXML private SearchField search;
  @FXML private MenuButton lists;
  @FXML private MenuButton columns;
  @FXML private HBox newHolder;
  @FXML private Button newGrant;
  @FXML private VBox cardHolder;
  @FXML private HBox body;

  /**
   * @param endpoint where connection strings lead to
   * @param askForWriteMode turns the operator to the switch in the top bar
   */
  public AccessView(
      AccessViewModel model,
      Endpoint endpoint,
      DialogLayer dialogs,
      TimedClipboard clipboard,
      Times times,
      Tasks tasks,
      Runnable askForWriteMode) {
    this.model = model;
    this.tasks = tasks;
    this.actions =
        new AccessDialogs(
            model, endpoint, new FormParts(dialogs, clipboard, times), askForWriteMode);
    this.finder = new AccessFinder(model);
    this.drawer = new AccessDrawer(model, this, clipboard, times);
    this.rows = new AccessLists(model, actions, clipboard, times, tasks, this::clearFilter);
    Fxml.load(this, "access.fxml");
    this.card = new AccessCard(model, this, times);
    cardHolder.getChildren().setAll(card);
    this.list = new RowsBody(body, drawer, clipboard, model::reload);
    buildHead();
    setMinHeight(0);
    addEventHandler(KeyEvent.KEY_PRESSED, rows.keys(clipboard));
    follow(times);
  }

  private void buildHead() {
    newGrant.setGraphic(Icons.of(Icons.ADD, 14));
    newGrant.setOnAction(_ -> actions.createNew());
    lists.setGraphic(Icons.of(Icons.FILTER, 14));
    columns.setGraphic(Icons.of(Icons.COLUMNS, 14));
    ToggleGroup group = new ToggleGroup();
    for (AccessList list : AccessList.values()) {
      RadioMenuItem item = new RadioMenuItem(list.label());
      item.setToggleGroup(group);
      item.setId("list-" + list.plural());
      item.setOnAction(_ -> model.list().set(list));
      model.list().subscribe(now -> item.setSelected(now == list));
      lists.getItems().add(item);
    }
    search.textProperty().subscribe((_, text) -> model.rows().search(text));
    search.setOnAction(_ -> rows.table().requestFocus());
    refusedOnly.managedProperty().bind(refusedOnly.visibleProperty());
    refusedOnly
        .selectedProperty()
        .subscribe(
            (_, only) -> model.logins().adjustFilter(filter -> filter.withRefusedOnly(only)));
  }

  private void follow(Times times) {
    model.list().subscribe(this::showList);
    model.obstacle().subscribe(this::permit);
    model.drawer().open().subscribe(open -> list.showDrawer(open.isPresent()));
    model.enforcement().subscribe((_, _) -> showNotice());
    for (AccessList each : AccessList.values()) {
      model.rows(each).notice().subscribe((_, _) -> showNotice());
    }
    times.follow(this, rows::refresh);
  }

  private void showList(AccessList now) {
    list.show(rows.pane(now));
    lists.setText(now.label());
    lists.setAccessibleText("List: " + now.label());
    refusedOnly.setVisible(now == AccessList.LOGINS);
    columns.getItems().setAll(rows.columnItems(now));
    newGrant.setText(now == AccessList.MEMBERS ? "Add member…" : "Grant access…");
    showNotice();
  }

  private void showNotice() {
    list.tell(model.enforcement().get().map(this::told).stream().toList(), model.rows());
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

  @Override
  public void extend(Grant grant) {
    actions.extend(grant);
  }

  @Override
  public void edit(Grant grant) {
    actions.edit(grant);
  }

  @Override
  public void revoke(Grant grant) {
    actions.revoke(grant);
  }

  @Override
  public void connectionStrings(Grant grant) {
    actions.connectionStrings(grant);
  }

  @Override
  public void terminateAll(Grant grant) {
    actions.terminateAll(grant);
  }

  @Override
  public void terminate(LiveSession session) {
    actions.terminate(session);
  }

  @Override
  public void grantTo(Person member) {
    actions.grantTo(member);
  }

  @Override
  public void createToken(Person member) {
    actions.createToken(member);
  }

  @Override
  public void block(Person member) {
    actions.block(member);
  }

  @Override
  public void freeze(Person member) {
    actions.freeze(member);
  }

  @Override
  public void unblock(Person member) {
    actions.unblock(member);
  }

  @Override
  public void revoke(AccessToken token) {
    actions.revoke(token);
  }

  @Override
  public void open(Subject subject) {
    actions.open(subject);
  }

  @Override
  public void turnOn() {
    actions.turnOn();
  }

  @Override
  public void turnOff() {
    actions.turnOff();
  }

  @Override
  public void editPolicy() {
    actions.editPolicy();
  }

  @Override
  public void enforce() {
    actions.enforce();
  }

  @Override
  public void askForWriteMode() {
    actions.askForWriteMode();
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
    model.lookAtPermission();
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
                rows.table().refresh();
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
    actions.createNew();
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
    rows.table().requestFocus();
    return true;
  }

  @Override
  public ObservableValue<StatusLine> statusLine() {
    return rows.statusLine();
  }
}
