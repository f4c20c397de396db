package dev.latchkey.scopes.screen;

import dev.latchkey.scopes.Scope;
import dev.latchkey.scopes.ScopeProblem;
import dev.latchkey.scopes.Scopes;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** Edits scopes as rows or as JSON, and says while one types what is wrong and where. */
public final class ScopesEditor extends VBox {
  private static final double ROW = 34;
  private static final int ROWS_SHOWN = 5;

  private final ScopesViewModel model;
  private final Segments<Boolean> form =
      new Segments<Boolean>().add(false, "Rows").add(true, "JSON");
  private final ListView<ScopeRow> rows = new ListView<>();
  private final TextArea json = new TextArea();
  private final Label message = new Label();
  private final Button add = new Button("Add scope", Icons.of(Icons.ADD, 14));

  public ScopesEditor(ScopesViewModel model) {
    this.model = model;
    getStyleClass().add("lk-scopes-editor");
    setSpacing(6);
    getChildren().addAll(head(), body(), foot());
    form.valueProperty().subscribe(this::show);
    model.asJson().subscribe(asJson -> form.setValue(asJson));
    model.reading().subscribe(_ -> tell());
    model.rows().subscribe(this::fit);
    fit();
  }

  private HBox head() {
    Label title = new Label("Scopes");
    title.getStyleClass().add(Styles.FIELD_LABEL);
    title.setLabelFor(rows);
    Label what = new Label("entity type · entity id · action");
    what.getStyleClass().addAll(Styles.HINT);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    form.getStyleClass().add(Styles.SMALL);
    HBox head = new HBox(8, title, what, spring, form);
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  private StackPane body() {
    rows.setItems(model.rows());
    rows.setFixedCellSize(ROW);
    rows.setCellFactory(_ -> new ScopeRowCell(model));
    rows.setFocusTraversable(false);
    rows.getStyleClass().add("lk-scope-rows");
    rows.visibleProperty().bind(model.asJson().not());
    rows.managedProperty().bind(rows.visibleProperty());
    json.textProperty().bindBidirectional(model.json());
    json.visibleProperty().bind(model.asJson());
    json.managedProperty().bind(json.visibleProperty());
    json.setAccessibleText("Scopes as JSON");
    json.getStyleClass().add(Styles.MONO);
    json.setPrefRowCount(6);
    return new StackPane(rows, json);
  }

  private HBox foot() {
    add.getStyleClass().addAll(Styles.IN_CARD);
    add.setOnAction(_ -> addRow());
    add.visibleProperty().bind(model.asJson().not());
    add.managedProperty().bind(add.visibleProperty());
    Button paste = new Button("Paste JSON");
    paste.getStyleClass().addAll(Styles.IN_CARD);
    paste.setOnAction(_ -> paste());
    message.getStyleClass().add(Styles.HINT);
    message.setWrapText(true);
    message.setMinHeight(Region.USE_PREF_SIZE);
    HBox.setHgrow(message, Priority.ALWAYS);
    message.setMaxWidth(Double.MAX_VALUE);
    HBox foot = new HBox(8, add, paste, message);
    foot.setAlignment(Pos.CENTER_LEFT);
    return foot;
  }

  private void show(boolean asJson) {
    if (asJson) {
      model.showJson();
    } else if (!model.showRows()) {
      form.setValue(true);
    }
  }

  private void addRow() {
    model.add();
    rows.scrollTo(model.rows().size() - 1);
  }

  private void paste() {
    String text = Optional.ofNullable(Clipboard.getSystemClipboard().getString()).orElse("");
    if (text.isBlank()) {
      say(Tone.WARNING, "The clipboard holds no text.");
      return;
    }
    model.showJson();
    model.json().set(text.strip());
  }

  private void fit() {
    double height = Math.min(ROWS_SHOWN, Math.max(1, model.rows().size())) * ROW + 2;
    rows.setMinHeight(height);
    rows.setPrefHeight(height);
    rows.setMaxHeight(height);
  }

  private void tell() {
    List<ScopeProblem> problems = model.reading().get().found();
    if (!problems.isEmpty()) {
      String more = problems.size() == 1 ? "" : " (%,d more)".formatted(problems.size() - 1);
      say(model.asJson().get() ? Tone.DANGER : Tone.WARNING, problems.getFirst().sentence() + more);
      return;
    }
    model.scopes().ifPresent(this::tell);
  }

  private void tell(Scopes scopes) {
    Optional<Scope> idle = scopes.list().stream().filter(scope -> !scope.isHonoured()).findFirst();
    if (idle.isPresent()) {
      say(Tone.WARNING, "%s is never honoured: it grants nothing.".formatted(idle.get().label()));
    } else if (scopes.list().stream().anyMatch(Scope::isBroad)) {
      say(Tone.WARNING, "*:* allows everything on every entity of the account.");
    } else if (scopes.isEmpty()) {
      say(Tone.NEUTRAL, "Without scopes the key may do nothing.");
    } else {
      say(Tone.NEUTRAL, scopes.size() == 1 ? "1 scope" : "%,d scopes".formatted(scopes.size()));
    }
  }

  private void say(Tone tone, String text) {
    message.setText(text);
    tone.applyTo(message);
  }
}
