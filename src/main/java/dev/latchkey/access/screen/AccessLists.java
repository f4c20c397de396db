package dev.latchkey.access.screen;

import dev.latchkey.access.AccessCounts;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Grant;
import dev.latchkey.access.LiveSession;
import dev.latchkey.access.Login;
import dev.latchkey.access.Member;
import dev.latchkey.change.Subject;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.kit.list.RowKeys;
import dev.latchkey.kit.list.RowTable;
import dev.latchkey.kit.list.StatePane;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.event.EventHandler;
import javafx.scene.control.Button;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.input.KeyEvent;

/** The lists, of which one is shown: their tables or what stands for them, and their keys. */
final class AccessLists {
  private final AccessViewModel model;
  private final AccessDialogs dialogs;
  private final Runnable clearFilter;
  private final Map<AccessList, RowTable<?, ?>> tables = new EnumMap<>(AccessList.class);
  private final Map<AccessList, StatePane> panes = new EnumMap<>(AccessList.class);
  private final ReadOnlyObjectWrapper<StatusLine> statusLine =
      new ReadOnlyObjectWrapper<>(StatusLine.EMPTY);

  /**
   * @param clearFilter shows all rows of the list again
   */
  AccessLists(
      AccessViewModel model,
      AccessDialogs dialogs,
      TimedClipboard clipboard,
      Times times,
      Tasks tasks,
      Runnable clearFilter) {
    this.model = model;
    this.dialogs = dialogs;
    this.clearFilter = clearFilter;
    AccessTables built = new AccessTables(model, new AccessCells(times, model::isOwn), tasks);
    for (AccessList list : AccessList.values()) {
      RowTable<?, ?> table = built.of(list);
      table.onRowClicked(this::openSelected);
      tables.put(list, table);
      panes.put(list, new StatePane(table, tasks, clipboard));
      follow(list);
    }
    model.list().subscribe(_ -> tellStatus());
    model.overview().subscribe((_, _) -> refresh());
  }

  private void follow(AccessList list) {
    panes
        .get(list)
        .follow(
            model.rows(list).state(), list.plural(), () -> empty(list), clearFilter, model::reload);
    model.rows(list).counts().subscribe(_ -> tellStatus());
    model.rows(list).latency().subscribe(_ -> tellStatus());
    model.rows(list).selection().subscribe(_ -> selectionChanged());
  }

  /** The list's table, or what is shown while there is nothing in it. */
  StatePane pane(AccessList list) {
    return panes.get(list);
  }

  List<CheckMenuItem> columnItems(AccessList list) {
    return tables.get(list).columnItems();
  }

  /** The table of the list that is shown. */
  RowTable<?, ?> table() {
    return tables.get(model.list().get());
  }

  /** Draws all rows again, as they are. */
  void refresh() {
    tables.values().forEach(RowTable::refresh);
  }

  /** The keyboard, where the table has the focus. */
  EventHandler<KeyEvent> keys(TimedClipboard clipboard) {
    return new RowKeys(
        this::table,
        clipboard,
        this::openSelected,
        () -> table().selected().ifPresent(dialogs::end));
  }

  ReadOnlyObjectProperty<StatusLine> statusLine() {
    return statusLine.getReadOnlyProperty();
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
    button.setOnAction(_ -> dialogs.createNew());
    button.disableProperty().bind(model.obstacle().map(Optional::isPresent).orElse(false));
    return button;
  }

  private void tellStatus() {
    statusLine.set(StatusLine.of(model.rows(), model.list().get().plural(), AccessCounts::number));
  }

  private void selectionChanged() {
    tellStatus();
    if (model.drawer().open().get().isPresent() && model.rows().selection().get().size() == 1) {
      openSelected();
    }
  }

  /** Shows the details of the selected row, unless they are shown already. */
  private void openSelected() {
    table().selected().ifPresent(this::open);
  }

  private void open(Object row) {
    AccessDrawerViewModel drawer = model.drawer();
    switch (row) {
      case Grant grant -> unlessOpen(new Subject.OfGrant(grant.id()), () -> drawer.show(grant));
      case Member member ->
          unlessOpen(new Subject.OfMember(member.id()), () -> drawer.show(member));
      case AccessToken token ->
          unlessOpen(new Subject.OfToken(token.id()), () -> drawer.show(token));
      case Login login -> unlessOpen(new Subject.OfLogin(login.id()), () -> drawer.show(login));
      case LiveSession session -> {
        Subject subject = new Subject.OfLogin(session.loginId());
        unlessOpen(subject, () -> drawer.show(subject));
      }
      default -> throw new IllegalStateException("a list without details");
    }
  }

  private void unlessOpen(Subject subject, Runnable open) {
    if (!model.drawer().open().get().equals(Optional.of(subject))) {
      open.run();
    }
  }
}
