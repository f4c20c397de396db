package dev.latchkey.widget;

import dev.latchkey.change.Environment;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.Ikon;

/**
 * A dialog inside the window: a head with the environment, a body, and buttons below. It is shown
 * and closed by {@link DialogLayer}.
 */
public final class Dialog extends VBox {
  public static final double NARROW = 440;
  public static final double NORMAL = 560;
  public static final double WIDE = 640;

  /** For a text to read. */
  public static final double SHEET = 860;

  private final BooleanProperty escapable = new SimpleBooleanProperty(this, "escapable", true);
  private final Label title = new Label();
  private final EnvironmentChip environment = new EnvironmentChip(Optional.empty());
  private Runnable onClosed = () -> {};

  /**
   * @param foot from left to right; put a {@link #spring()} where the gap is to be
   */
  public Dialog(double width, Ikon icon, Tone tone, String title, Node body, Node... foot) {
    this(width, title);
    this.title.setText(title);
    this.title.getStyleClass().add(Styles.PAGE_TITLE);
    HBox head = new HBox(Icons.of(icon, 20, tone), this.title, spring(), environment);
    head.getStyleClass().add("lk-dialog-head");
    VBox content = new VBox(body);
    content.getStyleClass().add("lk-dialog-body");
    VBox.setVgrow(body, Priority.ALWAYS);
    VBox.setVgrow(content, Priority.ALWAYS);
    HBox buttons = new HBox(foot);
    buttons.getStyleClass().add("lk-dialog-foot");
    buttons.setAlignment(Pos.CENTER_RIGHT);
    getChildren().addAll(head, content, buttons);
  }

  private Dialog(double width, String name) {
    getStyleClass().add("lk-dialog");
    setMinWidth(width);
    setPrefWidth(width);
    setMaxSize(width, USE_PREF_SIZE);
    setAccessibleRole(AccessibleRole.DIALOG);
    setAccessibleText(name);
  }

  /** Without head and buttons, for what explains itself, such as a search. */
  public static Dialog bare(double width, String name, Node content) {
    Dialog dialog = new Dialog(width, name);
    dialog.getChildren().add(content);
    return dialog;
  }

  /** Takes the room that is left over between buttons. */
  public static Region spring() {
    Region region = new Region();
    HBox.setHgrow(region, Priority.ALWAYS);
    return region;
  }

  /** Whether Esc closes it; off while something would be lost. */
  public BooleanProperty escapableProperty() {
    return escapable;
  }

  public Dialog onClosed(Runnable action) {
    onClosed = action;
    return this;
  }

  public void setTitle(String text) {
    title.setText(text);
    setAccessibleText(text);
  }

  void showEnvironment(Optional<Environment> now) {
    environment.show(now);
    getStyleClass().remove("lk-production");
    if (now.filter(Environment::isGuarded).isPresent()) {
      getStyleClass().add("lk-production");
    }
  }

  void closed() {
    onClosed.run();
  }
}
