package dev.latchkey.kit.list;

import dev.latchkey.rows.Sort;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.Styles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.MouseButton;

/**
 * A table that holds a window of rows, which moves as one scrolls. Sorting is left to the database;
 * columns make room for each other when it gets narrow.
 *
 * @param <T> a row
 * @param <C> what can be sorted by
 */
public final class RowTable<T, C> extends TableView<T> {
  private static final double ROW = 36;

  /** Milliseconds after which new rows have been laid out. */
  private static final long SETTLED = 60;

  /** Rows left below or above the visible ones when the next page is asked for. */
  private static final int MARGIN = 25;

  private final Rows<T, ?, C, ?> rows;
  private final Widths widths;
  private final Tasks tasks;
  private final Map<RowColumn<T, C>, TableColumn<T, T>> columns = new LinkedHashMap<>();
  private final Map<RowColumn<T, C>, Label> headers = new LinkedHashMap<>();
  private final Map<RowColumn<T, C>, BooleanProperty> wanted = new LinkedHashMap<>();
  private boolean following;

  /**
   * Widths, in pixels, at which a table saves room.
   *
   * @param narrow below it headers are short
   * @param tight below it some columns are left out
   */
  public record Widths(double narrow, double tight) {}

  /**
   * @param name what a screen reader calls it
   */
  public RowTable(
      String name,
      Rows<T, ?, C, ?> rows,
      List<RowColumn<T, C>> wantedColumns,
      Widths widths,
      Tasks tasks) {
    this.rows = rows;
    this.widths = widths;
    this.tasks = tasks;
    setFixedCellSize(ROW);
    setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
    setAccessibleText(name);
    getStyleClass().add("lk-row-table");
    wantedColumns.forEach(column -> getColumns().add(column(column)));
    getColumns().getFirst().getStyleClass().add("lk-first");
    getColumns().getLast().getStyleClass().add("lk-last");
    setItems(FXCollections.observableArrayList(rows.rows()));
    setSortPolicy(_ -> askForOrder());
    rows.rows().addListener((ListChangeListener<T>) _ -> follow());
    rows.sort().subscribe(_ -> showOrder());
    getSelectionModel()
        .getSelectedItems()
        .addListener((ListChangeListener<T>) _ -> tellSelection());
    rows.selection().subscribe(this::showSelection);
    widthProperty().subscribe(_ -> fit());
    skinProperty().subscribe(_ -> tasks.later(0, this::watchScrolling));
  }

  /** For the Columns menu: one entry for each column. */
  public List<CheckMenuItem> columnItems() {
    List<CheckMenuItem> items = new ArrayList<>();
    wanted.forEach(
        (column, shown) -> {
          CheckMenuItem item = new CheckMenuItem(column.wide());
          item.selectedProperty().bindBidirectional(shown);
          item.setDisable(column.is(RowColumn.Trait.ALWAYS));
          items.add(item);
        });
    return items;
  }

  /** The table's column with this id. */
  public TableColumn<T, T> column(String id) {
    return columns.entrySet().stream()
        .filter(entry -> entry.getKey().id().equals(id))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no column " + id));
  }

  public Optional<T> selected() {
    return Optional.ofNullable(getSelectionModel().getSelectedItem());
  }

  /**
   * The selected rows as text: below a line of titles a line for each row, tabs between the columns
   * that are shown, in the order in which they are shown.
   */
  public String selectedText() {
    List<RowColumn.Copied<T>> copied =
        getVisibleLeafColumns().stream().flatMap(shown -> copied(shown).stream()).toList();
    Stream<String> titles = Stream.of(line(copied.stream().map(RowColumn.Copied::title), "Id"));
    Stream<String> lines =
        getSelectionModel().getSelectedItems().stream()
            .map(row -> line(copied.stream().map(one -> one.text().apply(row)), rows.idOf(row)));
    return Stream.concat(titles, lines).collect(Collectors.joining(System.lineSeparator()));
  }

  private List<RowColumn.Copied<T>> copied(TableColumn<T, ?> shown) {
    return columns.entrySet().stream()
        .filter(entry -> entry.getValue() == shown)
        .flatMap(entry -> entry.getKey().copied().stream())
        .toList();
  }

  private static String line(Stream<String> values, String id) {
    return Stream.concat(values, Stream.of(id))
        .map(value -> value.replaceAll("[\\t\\r\\n]+", " "))
        .collect(Collectors.joining("\t"));
  }

  /** Has {@code action} run when a row is clicked without Ctrl or Shift. */
  public void onRowClicked(Runnable action) {
    setOnMouseClicked(
        event -> {
          if (event.getButton() == MouseButton.PRIMARY
              && !event.isShortcutDown()
              && !event.isShiftDown()
              && isRow(event.getPickResult().getIntersectedNode())) {
            action.run();
          }
        });
  }

  private static boolean isRow(Node node) {
    for (Node step = node; step != null; step = step.getParent()) {
      if (step instanceof TableRow<?> row) {
        return !row.isEmpty();
      }
    }
    return false;
  }

  /** Begins to watch how far one has scrolled; the rows' container is made with the skin. */
  private void watchScrolling() {
    lookupAll(".scroll-bar").stream()
        .filter(ScrollBar.class::isInstance)
        .map(ScrollBar.class::cast)
        .filter(bar -> bar.getOrientation() == Orientation.VERTICAL)
        .forEach(bar -> bar.valueProperty().subscribe((_, _) -> readOn()));
  }

  private TableColumn<T, T> column(RowColumn<T, C> wantedColumn) {
    TableColumn<T, T> column = new TableColumn<>();
    Label header = new Label(wantedColumn.wide());
    header.getStyleClass().add("lk-column-title");
    header.setTooltip(new Tooltip(wantedColumn.name()));
    column.setGraphic(header);
    column.setId(wantedColumn.id());
    column.setMinWidth(wantedColumn.least());
    column.setPrefWidth(wantedColumn.usual());
    column.setSortable(wantedColumn.order().isPresent());
    if (wantedColumn.is(RowColumn.Trait.RIGHT)) {
      column.getStyleClass().add(Styles.RIGHT);
    }
    column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
    column.setCellFactory(_ -> new RowCell<>(wantedColumn.cell().draw().get()));
    columns.put(wantedColumn, column);
    headers.put(wantedColumn, header);
    BooleanProperty show =
        new SimpleBooleanProperty(!wantedColumn.is(RowColumn.Trait.HIDDEN_AT_FIRST));
    wanted.put(wantedColumn, show);
    show.subscribe((_, _) -> fit());
    return column;
  }

  /** The database sorts: the rows here are only a window of them. */
  private boolean askForOrder() {
    Sort<C> chosen =
        getSortOrder().stream().findFirst().flatMap(this::order).orElseGet(rows::usualSort);
    rows.sortBy(chosen);
    return true;
  }

  private Optional<Sort<C>> order(TableColumn<T, ?> sorted) {
    boolean ascending = sorted.getSortType() == TableColumn.SortType.ASCENDING;
    return columns.entrySet().stream()
        .filter(entry -> entry.getValue() == sorted)
        .findFirst()
        .flatMap(entry -> entry.getKey().order())
        .map(by -> new Sort<>(by, ascending));
  }

  private void showOrder() {
    Sort<C> sort = rows.sort().get();
    columns.forEach(
        (wantedColumn, column) -> {
          if (wantedColumn.order().equals(Optional.of(sort.column()))) {
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
  private String title(RowColumn<T, C> column, boolean narrow) {
    String text = narrow ? column.narrow() : column.wide();
    Sort<C> sort = rows.sort().get();
    boolean sorted = column.order().equals(Optional.of(sort.column()));
    Styles.toggle(headers.get(column), "lk-sorted", sorted);
    return sorted ? (sort.ascending() ? "↑ " : "↓ ") + text : text;
  }

  /** Takes over the rows and keeps what one looks at where it is. */
  private void follow() {
    Optional<VirtualFlow<?>> flow = flow();
    int first = flow.map(VirtualFlow::getFirstVisibleCell).map(cell -> cell.getIndex()).orElse(0);
    following = true;
    getItems().setAll(rows.rows());
    showSelection(rows.selection().get());
    if (rows.shift() != 0) {
      scrollTo(Math.max(0, first + rows.shift()));
    }
    following = false;
    // One may have scrolled on while the rows were under way.
    tasks.later(SETTLED, this::readOn);
  }

  private void readOn() {
    flow()
        .ifPresent(
            shown -> {
              if (following || shown.getLastVisibleCell() == null) {
                return;
              }
              if (shown.getLastVisibleCell().getIndex() > getItems().size() - MARGIN) {
                rows.more();
              } else if (shown.getFirstVisibleCell().getIndex() < MARGIN) {
                rows.earlier();
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
      rows.select(selectedIds());
    }
  }

  private Set<String> selectedIds() {
    return getSelectionModel().getSelectedItems().stream()
        .map(rows::idOf)
        .collect(Collectors.toSet());
  }

  private void showSelection(Set<String> ids) {
    if (selectedIds().equals(ids)) {
      return;
    }
    boolean before = following;
    following = true;
    getSelectionModel().clearSelection();
    for (int index = 0; index < getItems().size(); index++) {
      if (ids.contains(rows.idOf(getItems().get(index)))) {
        getSelectionModel().select(index);
      }
    }
    following = before;
  }

  private void fit() {
    boolean narrow = getWidth() > 0 && getWidth() < widths.narrow();
    Styles.toggle(this, "lk-narrow", narrow);
    boolean tight = getWidth() > 0 && getWidth() < widths.tight();
    headers.forEach((column, header) -> header.setText(title(column, narrow)));
    columns.forEach(
        (wantedColumn, column) ->
            column.setVisible(
                wanted.get(wantedColumn).get()
                    && !(tight && wantedColumn.is(RowColumn.Trait.LEFT_OUT_WHEN_TIGHT))));
  }

  private static final class RowCell<T> extends TableCell<T, T> {
    private final Drawn<T> drawn;

    RowCell(Drawn<T> drawn) {
      this.drawn = drawn;
    }

    @Override
    protected void updateItem(T row, boolean empty) {
      super.updateItem(row, empty);
      Optional<T> shown = empty ? Optional.empty() : Optional.ofNullable(row);
      setGraphic(shown.isPresent() ? drawn.node() : null);
      shown.ifPresentOrElse(known -> drawn.show().accept(known, this), () -> setTooltip(null));
    }
  }
}
