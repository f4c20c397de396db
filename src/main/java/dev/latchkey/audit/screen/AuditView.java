package dev.latchkey.audit.screen;

import dev.latchkey.audit.AuditColumn;
import dev.latchkey.audit.AuditEvent;
import dev.latchkey.audit.AuditFilter;
import dev.latchkey.audit.AuditSource;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.kit.list.ListActs;
import dev.latchkey.kit.list.ListPane;
import dev.latchkey.kit.list.RowsBody;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.Segments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The screen of events: filters, the list, and the details of one event. */
public final class AuditView extends VBox implements Screen {
  private final AuditViewModel model;
  private final ListPane<AuditEvent, AuditColumn> list;
  private boolean loadedOnce;

  @FXML private Segments<AuditFilter.Period> periods;
  @FXML private SearchField search;
  @FXML private MenuButton actor;
  @FXML private MenuButton type;
  @FXML private MenuButton outcome;
  @FXML private Button object;
  @FXML private MenuButton columns;
  @FXML private HBox body;

  public AuditView(AuditViewModel model, Desk desk) {
    this.model = model;
    Fxml.load(this, "audit.fxml");
    this.list =
        new ListPane<>(
            model.events(),
            "events",
            "%,d"::formatted,
            AuditTable.of(model, desk),
            new ListActs<>(model::show, _ -> {}, AuditView::empty, this::showAll, model::reload),
            () -> model.drawer().open().get().isPresent(),
            desk);
    RowsBody rows =
        new RowsBody(
            body, new EventPortraits(model, desk).drawer(), desk.clipboard(), model::reload);
    rows.show(list.pane());
    columns.setGraphic(Icons.of(Icons.COLUMNS, 14));
    columns.getItems().setAll(list.columnItems());
    object.setGraphic(Icons.of(Icons.CLOSE, 12));
    object.managedProperty().bind(object.visibleProperty());
    object.setOnAction(_ -> filter(now -> now.about(Optional.empty())));
    for (AuditFilter.Period period : AuditFilter.Period.values()) {
      periods.add(period, period.label());
    }
    periods.valueProperty().subscribe((_, period) -> filter(now -> now.within(period)));
    search.textProperty().subscribe((_, text) -> model.events().search(text));
    search.setOnAction(_ -> list.table().requestFocus());
    setMinHeight(0);
    addEventHandler(KeyEvent.KEY_PRESSED, list.keys());
    model.events().filter().subscribe(this::showFilter);
    model.choices().subscribe(this::offer);
    model.events().notice().subscribe(_ -> rows.tell(List.of(), model.events()));
    model.drawer().open().subscribe(open -> rows.showDrawer(open.isPresent()));
    desk.times().follow(this, list.table()::refresh);
  }

  private static EmptyPane empty() {
    return new EmptyPane(
        Icons.AUDIT, "No events yet", "Every change is written here, with who made it.");
  }

  private void filter(UnaryOperator<AuditFilter> change) {
    model.events().adjustFilter(change);
  }

  private void showAll() {
    search.clear();
    model.events().filterBy(AuditFilter.WEEK.within(AuditFilter.Period.ALL));
  }

  private void offer(AuditSource.Choices choices) {
    List<MenuItem> actors = new ArrayList<>();
    actors.add(item("Anyone", now -> now.by(Optional.empty())));
    choices.actors().forEach(one -> actors.add(item(one.name(), now -> now.by(Optional.of(one)))));
    actor.getItems().setAll(actors);
    List<MenuItem> types = new ArrayList<>();
    types.add(item("Any", now -> now.ofType(Optional.empty())));
    choices.types().forEach(one -> types.add(item(one, now -> now.ofType(Optional.of(one)))));
    type.getItems().setAll(types);
    outcome
        .getItems()
        .setAll(
            item("Any", now -> now.refused(Optional.empty())),
            item("Refused", now -> now.refused(Optional.of(true))),
            item("OK", now -> now.refused(Optional.of(false))));
  }

  private MenuItem item(String text, UnaryOperator<AuditFilter> change) {
    MenuItem item = new MenuItem(text);
    item.setMnemonicParsing(false);
    item.setOnAction(_ -> filter(change));
    return item;
  }

  private void showFilter(AuditFilter now) {
    periods.setValue(now.period());
    actor.setText("Who: " + now.actor().map(AuditEvent.Actor::name).orElse("anyone"));
    type.setText("Action: " + now.type().orElse("any"));
    outcome.setText(
        "Outcome: " + now.outcome().map(refused -> refused ? "refused" : "OK").orElse("any"));
    object.setVisible(now.object().isPresent());
    object.setText(now.object().map(AuditEvent.Thing::title).orElse(""));
    object.setAccessibleText("Show all objects again");
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
