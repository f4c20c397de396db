package dev.latchkey.access;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Found;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.RowTable;
import dev.latchkey.widget.RowsState;
import dev.latchkey.widget.Screen;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.StatePane;
import dev.latchkey.widget.StatusLine;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.MenuButton;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.ToggleGroup;
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

/** The screen of temporary access: state and policy, the lists, and the details of one row. */
public final class AccessView extends VBox implements Screen, AccessActions {
  private static final KeyCombination COPY =
      new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);

  /** Milliseconds after which what counts down is drawn again. */
  private static final long MINUTE = 20_000;

  private final AccessViewModel model;
  private final Endpoint endpoint;
  private final DialogLayer dialogs;
  private final TimedClipboard clipboard;
  private final Times times;
  private final Tasks tasks;
  private final Runnable askForWriteMode;
  private final FormParts parts;
  private final AccessDrawer drawer;
  private final AccessCard card;
  private final Map<AccessList, RowTable<?, ?>> tables = new EnumMap<>(AccessList.class);
  private final Map<AccessList, StatePane> states = new EnumMap<>(AccessList.class);
  private final VBox notice = new VBox();
  private final StackPane content = new StackPane();
  private final ReadOnlyObjectWrapper<StatusLine> statusLine =
      new ReadOnlyObjectWrapper<>(StatusLine.EMPTY);
  private boolean loadedOnce;
  private boolean visible;
  private Tasks.Job clock = () -> {};
  private Subscription zone = Subscription.EMPTY;

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
    this.endpoint = endpoint;
    this.dialogs = dialogs;
    this.clipboard = clipboard;
    this.times = times;
    this.tasks = tasks;
    this.askForWriteMode = askForWriteMode;
    this.parts = new FormParts(dialogs, clipboard, times);
    this.drawer = new AccessDrawer(model, this, clipboard, times);
    Fxml.load(this, "access.fxml");
    this.card = new AccessCard(model, this, times);
    cardHolder.getChildren().setAll(card);
    buildTables();
    buildHead();
    buildBody();
    follow();
  }

  private void buildTables() {
    AccessTables built = new AccessTables(model, new AccessCells(times, model::isOwn), tasks);
    for (AccessList list : AccessList.values()) {
      RowTable<?, ?> table = built.of(list);
      table.onRowClicked(this::openSelected);
      tables.put(list, table);
      StatePane pane = new StatePane(table, tasks, clipboard);
      states.put(list, pane);
      model.rows(list).state().subscribe(state -> showState(list, state));
      model.rows(list).counts().subscribe(_ -> tellStatus());
      model.rows(list).latency().subscribe(_ -> tellStatus());
      model.rows(list).notice().subscribe(_ -> showNotice());
      model.rows(list).selection().subscribe(_ -> selectionChanged());
    }
  }

  private void buildHead() {
    newGrant.setGraphic(Icons.of(Icons.ADD, 14));
    newGrant.setOnAction(_ -> createNew());
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
    search.setOnAction(_ -> table().requestFocus());
    refusedOnly.managedProperty().bind(refusedOnly.visibleProperty());
    refusedOnly
        .selectedProperty()
        .subscribe(
            (_, only) -> model.logins().adjustFilter(filter -> filter.withRefusedOnly(only)));
  }

  private void buildBody() {
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
    addEventHandler(KeyEvent.KEY_PRESSED, this::keyPressed);
  }

  private void follow() {
    model.list().subscribe(this::showList);
    model.obstacle().subscribe(this::permit);
    model.enforcement().subscribe((_, _) -> showNotice());
    model.drawer().open().subscribe(open -> showDrawer(open.isPresent()));
    model.overview().subscribe((_, _) -> tables.values().forEach(RowTable::refresh));
    sceneProperty().subscribe(scene -> followZone(scene != null));
  }

  /** The zone outlives this screen: it is listened to only while the screen is shown. */
  private void followZone(boolean shown) {
    zone.unsubscribe();
    zone =
        shown
            ? times.zone().subscribe(_ -> tables.values().forEach(RowTable::refresh))
            : Subscription.EMPTY;
  }

  private void showList(AccessList list) {
    content.getChildren().setAll(states.get(list));
    lists.setText(list.label());
    lists.setAccessibleText("List: " + list.label());
    refusedOnly.setVisible(list == AccessList.LOGINS);
    columns.getItems().setAll(tables.get(list).columnItems());
    newGrant.setText(list == AccessList.MEMBERS ? "Add member…" : "Grant access…");
    showNotice();
    tellStatus();
  }

  private RowTable<?, ?> table() {
    return tables.get(model.list().get());
  }

  private void showState(AccessList list, RowsState state) {
    StatePane pane = states.get(list);
    switch (state) {
      case RowsState.Loading _ -> pane.loading();
      case RowsState.Shown _ -> pane.content();
      case RowsState.Empty _ -> pane.empty(empty(list));
      case RowsState.NothingFound _ -> pane.nothingFound(list.plural(), this::clearFilter);
      case RowsState.Failed failed -> showFailed(pane, list, failed.failure());
    }
  }

  private void showFailed(StatePane pane, AccessList list, DatabaseFailure failure) {
    if (failure instanceof DatabaseFailure.NotAllowed) {
      pane.noPermission(list.plural(), "latchkey_operator or latchkey_auditor");
    } else {
      pane.failed(failure, model::reload);
    }
  }

  private EmptyPane empty(AccessList list) {
    return switch (list) {
      case GRANTS ->
          new EmptyPane(
              Icons.ACCESS,
              "No grants yet",
              "A grant lets a member sign in as a role, until a time and from networks that you"
                  + " choose. The password is an access token.",
              first("Grant access…"));
      case MEMBERS ->
          new EmptyPane(
              Icons.PERSON,
              "No members yet",
              "A member is a person who may be given temporary access.",
              first("Add member…"));
      case TOKENS ->
          new EmptyPane(
              Icons.KEYS,
              "No tokens yet",
              "A token is the password of a member. Create one from the member's details.");
      case SESSIONS ->
          new EmptyPane(
              Icons.NETWORK,
              "Nobody is in",
              "Sessions that came in by temporary access are shown here while they are open.");
      case LOGINS ->
          new EmptyPane(
              Icons.CONNECT,
              "No logins yet",
              "Every attempt to sign in is kept here, with the true reason of a refusal.");
    };
  }

  private Button first(String text) {
    Button button = new Button(text, Icons.of(Icons.ADD, 14));
    button.getStyleClass().add(Styles.ACCENT);
    button.setOnAction(_ -> createNew());
    button.disableProperty().bind(model.obstacle().map(Optional::isPresent).orElse(false));
    return button;
  }

  private void clearFilter() {
    search.clear();
    refusedOnly.setSelected(false);
    model.rows().filterBy(AccessFilter.ALL);
  }

  private void showNotice() {
    notice.getChildren().clear();
    model.enforcement().get().ifPresent(done -> notice.getChildren().add(told(done)));
    model.rows().notice().get().ifPresent(told -> notice.getChildren().add(told(told)));
  }

  private Note told(Enforcement done) {
    Note note = new Note(done.left() == 0 ? Tone.SUCCESS : Tone.DANGER, done.sentence());
    note.setId("enforcement");
    return note.with(Icons.button(Icons.CLOSE, "Dismiss", model::dismissEnforcement));
  }

  private HBox told(DatabaseFailure failure) {
    Button dismiss = Icons.button(Icons.CLOSE, "Dismiss", () -> model.rows().dismissNotice());
    ErrorPane pane = ErrorPane.inline(failure, clipboard);
    HBox.setHgrow(pane, Priority.ALWAYS);
    Button retry = new Button("Reload", Icons.of(Icons.RELOAD, 14));
    retry.getStyleClass().add(Styles.SMALL);
    retry.setOnAction(_ -> model.reload());
    retry.setMinWidth(USE_PREF_SIZE);
    HBox line = new HBox(8, pane, retry, dismiss);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  private void permit(Optional<String> obstacle) {
    newGrant.setDisable(obstacle.isPresent());
    // A disabled button shows no tooltip of its own.
    Tooltip.install(newHolder, new Tooltip(obstacle.orElse("Grant access or add a member (N)")));
  }

  private void showDrawer(boolean open) {
    if (open && !body.getChildren().contains(drawer)) {
      body.getChildren().add(drawer);
    } else if (!open) {
      body.getChildren().remove(drawer);
    }
  }

  private void tellStatus() {
    AccessList list = model.list().get();
    String rows = model.rows().counts().get().map(counts -> told(counts, list.plural())).orElse("");
    statusLine.set(
        new StatusLine(rows, model.rows().selection().get().size(), model.rows().latency().get()));
  }

  private static String told(AccessCounts counts, String plural) {
    return counts.shown() == counts.all()
        ? "%s %s".formatted(AccessCounts.number(counts.all()), plural)
        : "%s of %s %s"
            .formatted(
                AccessCounts.number(counts.shown()), AccessCounts.number(counts.all()), plural);
  }

  private void selectionChanged() {
    tellStatus();
    if (model.drawer().open().get().isPresent() && model.rows().selection().get().size() == 1) {
      openSelected();
    }
  }

  private void openSelected() {
    table()
        .selected()
        .ifPresent(
            row -> {
              switch (row) {
                case Grant grant ->
                    unlessOpen(new Subject.OfGrant(grant.id()), () -> model.drawer().show(grant));
                case Member member ->
                    unlessOpen(
                        new Subject.OfMember(member.id()), () -> model.drawer().show(member));
                case AccessToken token ->
                    unlessOpen(new Subject.OfToken(token.id()), () -> model.drawer().show(token));
                case Login login ->
                    unlessOpen(new Subject.OfLogin(login.id()), () -> model.drawer().show(login));
                case LiveSession session ->
                    unlessOpen(
                        new Subject.OfLogin(session.loginId()),
                        () -> model.drawer().show(new Subject.OfLogin(session.loginId())));
                default -> throw new IllegalStateException("a list without details");
              }
            });
  }

  private void unlessOpen(Subject subject, Runnable open) {
    if (!model.drawer().open().get().equals(Optional.of(subject))) {
      open.run();
    }
  }

  private void keyPressed(KeyEvent event) {
    if (!table().isFocused()) {
      return;
    }
    if (COPY.match(event)) {
      clipboard.copy(table().selectedText());
      event.consume();
    } else if (event.getCode() == KeyCode.ENTER) {
      openSelected();
      event.consume();
    } else if (event.getCode() == KeyCode.DELETE) {
      table().selected().ifPresent(this::end);
      event.consume();
    }
  }

  /** Del: the act that takes a row's access away; asks first. */
  private void end(Object row) {
    switch (row) {
      case Grant grant -> revoke(grant);
      case AccessToken token -> revoke(token);
      case Member member when !member.isBlocked() -> block(member.person());
      case LiveSession session -> terminate(session);
      default -> {}
    }
  }

  private boolean mayChange() {
    model.lookAtPermission();
    return model.obstacle().get().isEmpty();
  }

  private void act(Optional<ActViewModel> act) {
    act.ifPresent(known -> new ActDialog(known, parts).show());
  }

  @Override
  public void extend(Grant grant) {
    if (mayChange() && grant.status().isOpen()) {
      model.extend(grant).ifPresent(form -> new ExtendDialog(form, parts).show());
    }
  }

  @Override
  public void edit(Grant grant) {
    if (mayChange() && grant.status().isOpen()) {
      model.edit(grant).ifPresent(form -> new EditGrantDialog(form, parts).show());
    }
  }

  @Override
  public void revoke(Grant grant) {
    if (mayChange() && grant.status().isOpen()) {
      act(model.revoke(grant));
    }
  }

  @Override
  public void connectionStrings(Grant grant) {
    new ConnectionDialog(grant, endpoint, parts).show();
  }

  @Override
  public void terminateAll(Grant grant) {
    if (mayChange()) {
      act(model.terminateAll(grant));
    }
  }

  @Override
  public void terminate(LiveSession session) {
    if (mayChange()) {
      act(model.terminate(session));
    }
  }

  @Override
  public void grantTo(Person member) {
    if (mayChange()) {
      model
          .newGrant()
          .ifPresent(
              form -> {
                form.choose(member);
                new GrantDialog(form, parts, this::addMember).show();
              });
    }
  }

  @Override
  public void createToken(Person member) {
    if (mayChange()) {
      model.newToken(member).ifPresent(form -> new TokenDialog(form, parts).show());
    }
  }

  @Override
  public void block(Person member) {
    if (mayChange()) {
      act(model.block(member));
    }
  }

  @Override
  public void freeze(Person member) {
    if (mayChange()) {
      act(model.freeze(member));
    }
  }

  @Override
  public void unblock(Person member) {
    if (mayChange()) {
      act(model.unblock(member));
    }
  }

  @Override
  public void revoke(AccessToken token) {
    if (mayChange() && token.status().works()) {
      act(model.revokeToken(token));
    }
  }

  @Override
  public void open(Subject subject) {
    model.drawer().show(subject);
  }

  @Override
  public void turnOn() {
    model.turnOn();
  }

  @Override
  public void turnOff() {
    if (mayChange()) {
      act(model.turnOff());
    }
  }

  @Override
  public void editPolicy() {
    if (mayChange()) {
      model.editPolicy().ifPresent(form -> new PolicyDialog(form, parts).show());
    }
  }

  @Override
  public void enforce() {
    if (mayChange()) {
      model.enforce();
    }
  }

  @Override
  public void askForWriteMode() {
    askForWriteMode.run();
  }

  private void addMember(Consumer<Member> onAdded) {
    model.newMember(onAdded).ifPresent(form -> new MemberDialog(form, parts).show());
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
                table().refresh();
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
    if (!mayChange()) {
      return;
    }
    if (model.list().get() == AccessList.MEMBERS) {
      addMember(_ -> {});
    } else {
      model.newGrant().ifPresent(form -> new GrantDialog(form, parts, this::addMember).show());
    }
  }

  @Override
  public void find(String words, Consumer<List<Found>> found) {
    model.find(
        words,
        named ->
            found.accept(
                Stream.concat(
                        named.members().stream().map(this::found),
                        named.grants().stream().map(this::found))
                    .toList()));
  }

  private Found found(Member member) {
    return new Found(
        Icons.PERSON,
        member.person().called(),
        "Member · " + member.person().email(),
        () -> show(AccessList.MEMBERS, new Subject.OfMember(member.id())));
  }

  private Found found(Grant grant) {
    return new Found(
        Icons.ACCESS,
        grant.title(),
        "Grant · " + grant.status().label().toLowerCase(Locale.ROOT),
        () -> show(AccessList.GRANTS, new Subject.OfGrant(grant.id())));
  }

  private void show(AccessList list, Subject subject) {
    model.list().set(list);
    model.drawer().show(subject);
  }

  @Override
  public boolean escape() {
    if (model.drawer().open().get().isEmpty()) {
      return false;
    }
    model.drawer().close();
    table().requestFocus();
    return true;
  }

  @Override
  public ObservableValue<StatusLine> statusLine() {
    return statusLine.getReadOnlyProperty();
  }
}
