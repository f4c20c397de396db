package dev.latchkey.keys;

import dev.latchkey.task.Tasks;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.geometry.Orientation;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.control.skin.VirtualFlow;

/**
 * The table of keys: a window of rows that moves as one scrolls. Sorting is left to the database;
 * columns make room for each other when it gets narrow.
 */
final class KeyTable extends TableView<ApiKey> {
  private static final double ROW = 36;

  /** Below this the table shows short headers; below the other it leaves columns out. */
  private static final double NARROW = 900;

  private static final double TIGHT = 690;

  /** Milliseconds after which new rows have been laid out. */
  private static final long SETTLED = 60;

  /** Scopes are laid out again when their column has become so much wider or narrower. */
  private static final int CHIP_STEP = 40;

  /** Rows left below or above the visible ones when the next page is asked for. */
  private static final int MARGIN = 25;

  private enum Part {
    NAME("Name", "Name", "Name and account", 124, 204, true),
    KEY("Key", "Key", "First and last characters of the key", 90, 124, true),
    KIND("Kind", "Kind", "Kind", 81, 108, true),
    SCOPES("Scopes", "Scopes", "What the key may do", 132, 252, true),
    STATUS("Status", "Status", "Status", 103, 132, true),
    LAST_USED("Last used", "Used", "Last used", 52, 92, true),
    CHART("14 days", "14 d", "Calls on each of the last 14 days", 52, 84, true),
    EXPIRES("Expires", "Expires", "Expires", 68, 94, true),
    CREATED("Created", "Created", "Created", 76, 96, false);

    private final String wide;
    private final String narrow;
    private final String name;
    private final double least;
    private final double usual;
    private final boolean shownAtFirst;

    Part(
        String wide, String narrow, String name, double least, double usual, boolean shownAtFirst) {
      this.wide = wide;
      this.narrow = narrow;
      this.name = name;
      this.least = least;
      this.usual = usual;
      this.shownAtFirst = shownAtFirst;
    }
  }

  private static final Set<Part> LEFT_OUT_WHEN_TIGHT = Set.of(Part.KEY, Part.KIND, Part.CHART);

  private final KeysViewModel model;
  private final Tasks tasks;
  private final KeyCells cells;
  private final Map<Part, TableColumn<ApiKey, ApiKey>> columns = new EnumMap<>(Part.class);
  private final Map<Part, Label> headers = new EnumMap<>(Part.class);
  private final Map<Part, BooleanProperty> wanted = new EnumMap<>(Part.class);
  private boolean following;

  KeyTable(KeysViewModel model, Times times, Tasks tasks) {
    this.model = model;
    this.tasks = tasks;
    this.cells = new KeyCells(times, model.calls()::get);
    setFixedCellSize(ROW);
    setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    setId("keys-table");
    setAccessibleText("Keys");
    getStyleClass().add("lk-keys-table");
    for (Part part : Part.values()) {
      getColumns().add(column(part));
    }
    setItems(FXCollections.observableArrayList(model.rows()));
    setSortPolicy(_ -> askForOrder());
    model.rows().addListener((ListChangeListener<ApiKey>) _ -> follow());
    model.calls().subscribe((_, _) -> refresh());
    model.sort().subscribe(_ -> showOrder());
    getSelectionModel()
        .getSelectedItems()
        .addListener((ListChangeListener<ApiKey>) _ -> tellSelection());
    model.selection().subscribe(this::showSelection);
    widthProperty().subscribe(_ -> fit());
    columns
        .get(Part.SCOPES)
        .widthProperty()
        .map(width -> width.intValue() / CHIP_STEP)
        .subscribe((_, _) -> refresh());
  }

  /** For the Columns menu: one entry for each column. */
  List<CheckMenuItem> columnItems() {
    List<CheckMenuItem> items = new ArrayList<>();
    for (Part part : Part.values()) {
      CheckMenuItem item = new CheckMenuItem(part.wide);
      item.selectedProperty().bindBidirectional(wanted.get(part));
      item.setDisable(part == Part.NAME);
      items.add(item);
    }
    return items;
  }

  Optional<ApiKey> selected() {
    return Optional.ofNullable(getSelectionModel().getSelectedItem());
  }

  /** The selected rows as text, a line each, columns separated by tabs. */
  String selectedText() {
    return String.join(
        System.lineSeparator(),
        getSelectionModel().getSelectedItems().stream()
            .map(key -> String.join("\t", cells.values(key)))
            .toList());
  }

  /** Begins to watch how far one has scrolled; the rows' container is made with the skin. */
  void watchScrolling() {
    lookupAll(".scroll-bar").stream()
        .filter(ScrollBar.class::isInstance)
        .map(ScrollBar.class::cast)
        .filter(bar -> bar.getOrientation() == Orientation.VERTICAL)
        .forEach(bar -> bar.valueProperty().subscribe((_, _) -> readOn()));
  }

  private TableColumn<ApiKey, ApiKey> column(Part part) {
    TableColumn<ApiKey, ApiKey> column = new TableColumn<>();
    Label header = new Label(part.wide);
    header.getStyleClass().add("lk-column-title");
    header.setTooltip(new Tooltip(part.name));
    column.setGraphic(header);
    column.setId(part.name().toLowerCase(Locale.ROOT));
    column.setMinWidth(part.least);
    column.setPrefWidth(part.usual);
    column.setSortable(order(part).isPresent());
    column.setUserData(part);
    draw(part, column);
    columns.put(part, column);
    headers.put(part, header);
    BooleanProperty show = new SimpleBooleanProperty(part.shownAtFirst);
    wanted.put(part, show);
    show.subscribe((_, _) -> fit());
    return column;
  }

  private void draw(Part part, TableColumn<ApiKey, ApiKey> column) {
    switch (part) {
      case NAME -> cells.name(column);
      case KEY -> cells.key(column);
      case KIND -> cells.kind(column);
      case SCOPES -> cells.scopes(column);
      case STATUS -> cells.status(column);
      case LAST_USED -> cells.lastUsed(column);
      case CHART -> cells.chart(column);
      case CREATED -> cells.created(column);
      case EXPIRES -> {
        cells.expires(column);
        column.getStyleClass().add(Styles.RIGHT);
      }
    }
  }

  private static Optional<KeySort.Column> order(Part part) {
    return switch (part) {
      case NAME -> Optional.of(KeySort.Column.NAME);
      case KEY -> Optional.of(KeySort.Column.KEY);
      case KIND -> Optional.of(KeySort.Column.KIND);
      case SCOPES -> Optional.of(KeySort.Column.SCOPES);
      case STATUS -> Optional.of(KeySort.Column.STATUS);
      case LAST_USED -> Optional.of(KeySort.Column.LAST_USED);
      case EXPIRES -> Optional.of(KeySort.Column.EXPIRES);
      case CREATED -> Optional.of(KeySort.Column.CREATED);
      case CHART -> Optional.empty();
    };
  }

  /** The database sorts: the rows here are only a window of them. */
  private boolean askForOrder() {
    Optional<TableColumn<ApiKey, ?>> first = getSortOrder().stream().findFirst();
    KeySort sort =
        first
            .flatMap(
                column ->
                    order((Part) column.getUserData())
                        .map(
                            by ->
                                new KeySort(
                                    by, column.getSortType() == TableColumn.SortType.ASCENDING)))
            .orElse(KeySort.DEFAULT);
    model.sortBy(sort);
    return true;
  }

  private void showOrder() {
    KeySort sort = model.sort().get();
    columns.forEach(
        (part, column) -> {
          if (order(part).equals(Optional.of(sort.column()))) {
            column.setSortType(
                sort.ascending()
                    ? TableColumn.SortType.ASCENDING
                    : TableColumn.SortType.DESCENDING);
            if (!getSortOrder().equals(List.of(column))) {
              getSortOrder().setAll(List.of(column));
            }
          }
        });
    fit();
  }

  /** The arrow is part of the title: it takes no room at the right of a narrow column. */
  private String title(Part part, boolean narrow) {
    String text = narrow ? part.narrow : part.wide;
    KeySort sort = model.sort().get();
    boolean sorted = order(part).equals(Optional.of(sort.column()));
    KeyCells.toggle(headers.get(part), "lk-sorted", sorted);
    return sorted ? (sort.ascending() ? "↑ " : "↓ ") + text : text;
  }

  /** Takes over the rows and keeps what one looks at where it is. */
  private void follow() {
    Optional<VirtualFlow<?>> flow = flow();
    int first = flow.map(VirtualFlow::getFirstVisibleCell).map(cell -> cell.getIndex()).orElse(0);
    following = true;
    getItems().setAll(model.rows());
    showSelection(model.selection().get());
    if (model.shift() != 0) {
      scrollTo(Math.max(0, first + model.shift()));
    }
    following = false;
    // One may have scrolled on while the rows were under way.
    tasks.later(SETTLED, this::readOn);
  }

  private void readOn() {
    flow()
        .ifPresent(
            rows -> {
              if (following || rows.getLastVisibleCell() == null) {
                return;
              }
              if (rows.getLastVisibleCell().getIndex() > getItems().size() - MARGIN) {
                model.more();
              } else if (rows.getFirstVisibleCell().getIndex() < MARGIN) {
                model.earlier();
              }
            });
  }

  private Optional<VirtualFlow<?>> flow() {
    return lookup(".virtual-flow") instanceof VirtualFlow<?> flow
        ? Optional.of(flow)
        : Optional.empty();
  }

  private void tellSelection() {
    if (!following) {
      model.select(getSelectionModel().getSelectedItems().stream().map(ApiKey::id).toList());
    }
  }

  private void showSelection(Set<UUID> ids) {
    Map<UUID, Integer> places = new LinkedHashMap<>();
    for (int index = 0; index < getItems().size(); index++) {
      places.put(getItems().get(index).id(), index);
    }
    Set<UUID> now =
        getSelectionModel().getSelectedItems().stream().map(ApiKey::id).collect(Collectors.toSet());
    if (now.equals(ids)) {
      return;
    }
    boolean before = following;
    following = true;
    getSelectionModel().clearSelection();
    ids.stream().filter(places::containsKey).map(places::get).forEach(getSelectionModel()::select);
    following = before;
  }

  private void fit() {
    boolean narrow = getWidth() > 0 && getWidth() < NARROW;
    KeyCells.toggle(this, "lk-narrow", narrow);
    boolean tight = getWidth() > 0 && getWidth() < TIGHT;
    headers.forEach((part, header) -> header.setText(title(part, narrow)));
    columns.forEach(
        (part, column) ->
            column.setVisible(
                wanted.get(part).get() && !(tight && LEFT_OUT_WHEN_TIGHT.contains(part))));
  }
}
