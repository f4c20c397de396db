package dev.latchkey.widget;

import atlantafx.base.controls.CustomTextField;
import javafx.scene.control.Button;
import javafx.scene.input.KeyCode;

/** A field to filter by: a lens at the left, and a cross at the right while there is text. */
public final class SearchField extends CustomTextField {
  public SearchField() {
    this("");
  }

  public SearchField(String prompt) {
    setPromptText(prompt);
    promptTextProperty().subscribe(this::setAccessibleText);
    setLeft(Icons.of(Icons.SEARCH, 14));
    Button clear = Icons.button(Icons.CLOSE, "Clear the filter", this::clear);
    clear.getStyleClass().remove(Styles.SMALL);
    clear.getStyleClass().add(Styles.IN_CARD);
    clear.setFocusTraversable(false);
    textProperty().subscribe(text -> setRight(text.isEmpty() ? null : clear));
    setOnKeyPressed(
        event -> {
          if (event.getCode() == KeyCode.ESCAPE && !getText().isEmpty()) {
            clear();
            event.consume();
          }
        });
  }
}
