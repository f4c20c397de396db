package dev.latchkey.widget;

import dev.latchkey.change.Environment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.event.EventHandler;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

/**
 * Shows dialogs over the window's content, inside the window. The keyboard stays in the topmost
 * dialog, Esc closes it, and the focus then returns to where it was.
 */
public final class DialogLayer extends StackPane {
  private static final double ENVIRONMENT_LINE = 3;

  private final ObjectProperty<Optional<Environment>> environment =
      new SimpleObjectProperty<>(this, "environment", Optional.empty());
  private final ReadOnlyBooleanWrapper open = new ReadOnlyBooleanWrapper(this, "open");
  private final Deque<Shown> shown = new ArrayDeque<>();
  private boolean backwards;

  private record Shown(Dialog dialog, Region scrim, Node focusBefore) {}

  public DialogLayer(Node content) {
    this();
    setContent(content);
  }

  /** Without content yet: what is shown below may need the layer to show its dialogs. */
  public DialogLayer() {
    EventHandler<KeyEvent> keys = this::keyPressed;
    // At the scene: without a focus owner, keys reach nothing below it.
    sceneProperty()
        .subscribe(
            scene ->
                Optional.ofNullable(scene)
                    .ifPresent(now -> now.addEventFilter(KeyEvent.KEY_PRESSED, keys)));
    sceneProperty()
        .flatMap(Scene::focusOwnerProperty)
        .subscribe(owner -> keepFocus(Optional.ofNullable(owner)));
  }

  /** What lies below the dialogs. */
  public void setContent(Node content) {
    getChildren().addFirst(content);
  }

  /** What the heads of dialogs name. */
  public ObjectProperty<Optional<Environment>> environmentProperty() {
    return environment;
  }

  /** Whether a dialog is in the way of the window's own shortcuts. */
  public ReadOnlyBooleanProperty openProperty() {
    return open.getReadOnlyProperty();
  }

  public void show(Dialog dialog) {
    show(dialog, Pos.CENTER);
  }

  /** At the top for what is searched from the top bar, otherwise in the middle. */
  public void show(Dialog dialog, Pos position) {
    dialog.showEnvironment(environment.get());
    place(dialog, position);
  }

  /** Closes {@code dialog} and returns the focus; harmless when it is not open. */
  public void close(Dialog dialog) {
    shown.stream().filter(entry -> entry.dialog() == dialog).findFirst().ifPresent(this::remove);
  }

  private void place(Dialog dialog, Pos position) {
    Region scrim = new Region();
    scrim.getStyleClass().add("lk-scrim");
    StackPane.setMargin(scrim, new Insets(ENVIRONMENT_LINE, 0, 0, 0));
    StackPane.setAlignment(dialog, position);
    StackPane.setMargin(dialog, new Insets(position == Pos.CENTER ? 24 : 64, 24, 24, 24));
    Node before = getScene() == null ? null : getScene().getFocusOwner();
    shown.addLast(new Shown(dialog, scrim, before));
    getChildren().addAll(scrim, dialog);
    open.set(true);
    first(dialog).ifPresent(Node::requestFocus);
  }

  private void remove(Shown entry) {
    shown.remove(entry);
    getChildren().removeAll(entry.scrim(), entry.dialog());
    open.set(!shown.isEmpty());
    if (entry.focusBefore() != null) {
      entry.focusBefore().requestFocus();
    }
    entry.dialog().closed();
  }

  private void keyPressed(KeyEvent event) {
    backwards = event.isShiftDown();
    Shown top = shown.peekLast();
    if (top == null || event.getCode() != KeyCode.ESCAPE) {
      return;
    }
    if (top.dialog().escapableProperty().get()) {
      remove(top);
    }
    event.consume();
  }

  private void keepFocus(Optional<Node> owner) {
    Shown top = shown.peekLast();
    if (top == null || owner.filter(node -> isInside(node, top.dialog())).isPresent()) {
      return;
    }
    Optional<Node> inside = backwards ? last(top.dialog()) : first(top.dialog());
    inside.ifPresent(Node::requestFocus);
  }

  private static boolean isInside(Node node, Node ancestor) {
    for (Node step = node; step != null; step = step.getParent()) {
      if (step == ancestor) {
        return true;
      }
    }
    return false;
  }

  private static Optional<Node> first(Node node) {
    return find(node, false);
  }

  private static Optional<Node> last(Node node) {
    return find(node, true);
  }

  private static Optional<Node> find(Node node, boolean fromTheEnd) {
    if (!node.isVisible() || node.isDisabled()) {
      return Optional.empty();
    }
    if (node.isFocusTraversable()) {
      return Optional.of(node);
    }
    if (!(node instanceof Parent parent)) {
      return Optional.empty();
    }
    var children = parent.getChildrenUnmodifiable();
    return (fromTheEnd ? children.reversed() : children)
        .stream().map(child -> find(child, fromTheEnd)).flatMap(Optional::stream).findFirst();
  }
}
