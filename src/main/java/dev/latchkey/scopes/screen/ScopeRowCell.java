package dev.latchkey.scopes.screen;

import dev.latchkey.scopes.ScopeField;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Control;
import javafx.scene.control.ListCell;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.util.Subscription;

/** One scope as three fields and a way to remove it. */
final class ScopeRowCell extends ListCell<ScopeRow> {
  private final ScopesViewModel model;
  private final ComboBox<String> entityType = suggesting("Entity type", "document");
  private final TextField entityId = new TextField();
  private final ComboBox<String> action = suggesting("Action", "read");
  private final HBox line;
  private Subscription bound = Subscription.EMPTY;

  ScopeRowCell(ScopesViewModel model) {
    this.model = model;
    entityId.setPromptText("* any");
    entityId.setAccessibleText("Entity id, blank for every entity");
    entityId.getStyleClass().addAll(Styles.SMALL, Styles.MONO);
    Button remove = Icons.button(Icons.CLOSE, "Remove this scope", this::remove);
    line = new HBox(8, entityType, entityId, action, remove);
    line.setAlignment(Pos.CENTER_LEFT);
    for (Control field : List.of(entityType, entityId, action)) {
      field.setMinWidth(80);
      field.setPrefWidth(140);
      field.setMaxWidth(Double.MAX_VALUE);
      HBox.setHgrow(field, Priority.ALWAYS);
    }
    getStyleClass().add("lk-scope-row");
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    setText("");
  }

  @Override
  protected void updateItem(ScopeRow row, boolean empty) {
    ScopeRow before = getItem();
    super.updateItem(row, empty);
    if (row == before && !empty && getGraphic() != null) {
      mark();
      return;
    }
    bound.unsubscribe();
    bound = Subscription.EMPTY;
    if (empty || row == null) {
      setGraphic(null);
      return;
    }
    bound = bind(row);
    setGraphic(line);
  }

  private Subscription bind(ScopeRow row) {
    entityType.getEditor().textProperty().bindBidirectional(row.entityType());
    entityId.textProperty().bindBidirectional(row.entityId());
    action.getEditor().textProperty().bindBidirectional(row.action());
    Subscription words =
        model
            .vocabulary()
            .subscribe(
                known -> {
                  entityType.getItems().setAll(known.entityTypes());
                  action.getItems().setAll(known.actions());
                });
    Subscription marks = model.reading().subscribe(_ -> mark());
    return Subscription.combine(
        words,
        marks,
        () -> {
          entityType.getEditor().textProperty().unbindBidirectional(row.entityType());
          entityId.textProperty().unbindBidirectional(row.entityId());
          action.getEditor().textProperty().unbindBidirectional(row.action());
        });
  }

  private void mark() {
    mark(entityType, entityType.getEditor().getText(), ScopeField.ENTITY_TYPE);
    mark(entityId, entityId.getText(), ScopeField.ENTITY_ID);
    mark(action, action.getEditor().getText(), ScopeField.ACTION);
  }

  /** What is only blank is not marked: it is still to come. */
  private void mark(Control field, String text, ScopeField name) {
    boolean wrong = !text.isEmpty() && model.problem(getIndex(), name).isPresent();
    field.getStyleClass().remove(Styles.INVALID);
    if (wrong) {
      field.getStyleClass().add(Styles.INVALID);
    }
  }

  private void remove() {
    if (getItem() != null) {
      model.remove(getItem());
    }
  }

  private static ComboBox<String> suggesting(String name, String example) {
    ComboBox<String> box = new ComboBox<>();
    box.setEditable(true);
    box.setPromptText(example);
    box.setAccessibleText(name);
    box.getEditor().setAccessibleText(name);
    box.getEditor().getStyleClass().add(Styles.MONO);
    box.getStyleClass().add(Styles.SMALL);
    box.setVisibleRowCount(8);
    return box;
  }
}
