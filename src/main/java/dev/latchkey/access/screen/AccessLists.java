package dev.latchkey.access.screen;

import dev.latchkey.access.AccessSource;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.kit.list.ListActs;
import dev.latchkey.kit.list.ListPane;
import dev.latchkey.kit.list.RowTable;
import dev.latchkey.kit.list.Rows;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Button;

/** The lists, of which one is shown. */
final class AccessLists {
  static final RowTable.Widths WIDTHS = new RowTable.Widths(980, 640);

  private final AccessViewModel model;
  private final AccessDialogs dialogs;
  private final Runnable clearFilter;
  private final Desk desk;
  private final Map<AccessList, ListPane<?, ?>> panes = new EnumMap<>(AccessList.class);

  /**
   * @param clearFilter shows all rows of the list again
   */
  AccessLists(AccessViewModel model, AccessDialogs dialogs, Desk desk, Runnable clearFilter) {
    this.model = model;
    this.dialogs = dialogs;
    this.desk = desk;
    this.clearFilter = clearFilter;
    AccessCells cells = new AccessCells(desk.times(), model::isOwn);
    Tasks tasks = desk.tasks();
    add(
        AccessList.GRANTS,
        model.grants(),
        GrantTable.of(model, cells, tasks),
        model::show,
        dialogs::revoke);
    add(
        AccessList.MEMBERS,
        model.members(),
        MemberTable.of(model, cells, tasks),
        model::show,
        dialogs::block);
    add(
        AccessList.TOKENS,
        model.tokens(),
        TokenTable.of(model, cells, tasks),
        model::show,
        dialogs::revoke);
    add(
        AccessList.SESSIONS,
        model.sessions(),
        SessionTable.of(model, cells, tasks),
        model::show,
        dialogs::terminate);
    add(
        AccessList.LOGINS,
        model.logins(),
        LoginTable.of(model, cells, tasks),
        model::show,
        _ -> {});
    model.overview().subscribe((_, _) -> refresh());
  }

  private <T, C> void add(
      AccessList list,
      Rows<T, ?, C, ?> rows,
      RowTable<T, C> table,
      Consumer<T> open,
      Consumer<T> end) {
    panes.put(
        list,
        new ListPane<>(
            rows,
            list.plural(),
            AccessLists::number,
            table,
            new ListActs<>(open, end, () -> empty(list), clearFilter, model::reload),
            () -> model.drawer().open().get().isPresent(),
            desk));
  }

  ListPane<?, ?> pane(AccessList list) {
    return panes.get(list);
  }

  /** The list that is shown. */
  ListPane<?, ?> shown() {
    return pane(model.list().get());
  }

  /** Draws all rows again, as they are. */
  void refresh() {
    panes.values().forEach(pane -> pane.table().refresh());
  }

  ObservableValue<StatusLine> statusLine() {
    return model.list().flatMap(list -> pane(list).statusLine());
  }

  /** A number of rows; beyond the most that is counted only that there are more. */
  static String number(long rows) {
    return rows > AccessSource.MOST_COUNTED
        ? "more than %,d".formatted(AccessSource.MOST_COUNTED)
        : "%,d".formatted(rows);
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
    button
        .disableProperty()
        .bind(model.permission().obstacle().map(Optional::isPresent).orElse(false));
    return button;
  }
}
