package dev.latchkey.widget;

import dev.latchkey.token.Secret;
import dev.latchkey.token.TokenShape;
import java.util.List;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.PasswordField;
import javafx.scene.control.TextField;
import javafx.scene.control.TextFormatter;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * A field for a token or password: dots, and an eye that shows it while it is pressed on.
 *
 * <p>JavaFX keeps the text of a field as a String, which nobody can wipe. That cannot be helped
 * while something stands in the field, and nothing of it leaves: whoever needs what was entered is
 * given a {@link Secret}.
 */
public final class SecretField extends StackPane {
  /** One more than what is too long for any token, so that whoever judges it can say so. */
  private static final int LONGEST = TokenShape.LONGEST + 1;

  private final PasswordField hidden = new PasswordField();
  private final TextField open = new TextField();
  private final BooleanProperty revealed = new SimpleBooleanProperty(this, "revealed", false);

  public SecretField() {
    getStyleClass().add("lk-secret-field");
    open.textProperty().bindBidirectional(hidden.textProperty());
    hidden.setTextFormatter(new TextFormatter<>(SecretField::cut));
    open.setTextFormatter(new TextFormatter<>(SecretField::cut));
    open.visibleProperty().bind(revealed);
    hidden.visibleProperty().bind(revealed.not());
    FontIcon lock = Icons.of(Icons.LOCK, 14);
    lock.setMouseTransparent(true);
    StackPane.setAlignment(lock, Pos.CENTER_LEFT);
    StackPane.setMargin(lock, new Insets(0, 0, 0, 10));
    Button eye = Icons.button(Icons.REVEAL, "Show the token", () -> {});
    eye.setOnAction(_ -> toggle(eye));
    StackPane.setAlignment(eye, Pos.CENTER_RIGHT);
    StackPane.setMargin(eye, new Insets(0, 3, 0, 0));
    getChildren().addAll(hidden, open, lock, eye);
  }

  /** What stands in the field, blanks and all; the caller closes it. */
  public Secret secret() {
    return Secret.of(hidden.getCharacters());
  }

  /** Puts a secret in, unless it stands there already. */
  public void show(Secret secret) {
    try (Secret now = secret()) {
      if (!now.sameAs(secret)) {
        hidden.setText(secret.reveal());
      }
    }
  }

  public void clear() {
    hidden.clear();
  }

  /** Has {@code action} run whenever something else stands in the field. */
  public void onEdit(Runnable action) {
    hidden.textProperty().subscribe((_, _) -> action.run());
  }

  /** Whether there is nothing in the field but blanks. */
  public ObservableValue<Boolean> blank() {
    return hidden.textProperty().map(String::isBlank);
  }

  public StringProperty promptTextProperty() {
    return hidden.promptTextProperty();
  }

  public void setName(String name) {
    hidden.setAccessibleText(name);
    open.setAccessibleText(name);
  }

  /** Has {@code action} run on Enter. */
  public void onEnter(Runnable action) {
    hidden.setOnAction(_ -> action.run());
    open.setOnAction(_ -> action.run());
  }

  public void markInvalid(boolean invalid) {
    for (TextField field : List.of(hidden, open)) {
      field.getStyleClass().remove(Styles.INVALID);
      if (invalid) {
        field.getStyleClass().add(Styles.INVALID);
      }
    }
  }

  /** Puts the cursor in. */
  public void focusText() {
    (revealed.get() ? open : hidden).requestFocus();
  }

  /** A field that is drawn in one line must not be given a megabyte. */
  private static TextFormatter.Change cut(TextFormatter.Change change) {
    int room = LONGEST - (change.getControlNewText().length() - change.getText().length());
    if (change.getText().length() > room) {
      change.setText(change.getText().substring(0, Math.max(0, room)));
      int end = change.getRangeStart() + change.getText().length();
      change.selectRange(end, end);
    }
    return change;
  }

  private void toggle(Button eye) {
    boolean show = !revealed.get();
    int caret = (show ? hidden : open).getCaretPosition();
    revealed.set(show);
    eye.setGraphic(Icons.of(show ? Icons.HIDE : Icons.REVEAL));
    Icons.name(eye, show ? "Hide the token" : "Show the token");
    TextField field = show ? open : hidden;
    field.requestFocus();
    field.positionCaret(caret);
  }
}
