package dev.latchkey.kit.drawer;

import dev.latchkey.kit.Desk;
import dev.latchkey.kit.WritePermission;
import dev.latchkey.rows.Failure;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/**
 * The details of one thing at the right of a list: who it is, what can be done with it, and its
 * pages. Its left edge can be dragged.
 *
 * @param <K> what names the thing
 * @param <D> its details
 */
public final class Drawer<K, D> extends VBox {
  private static final double LEAST = 320;
  private static final double MOST = 520;
  private static final double EDGE = 5;

  private final OpenDetails<K, D> open;
  private final Function<D, Portrait> portrait;
  private final WritePermission permission;
  private final Desk desk;
  private final Face face;
  private final Label avatar = new Label();
  private final Label title = new Label();
  private final HBox first = new HBox(8);
  private final HBox detail = new HBox();
  private final Pane buttons;
  private final WhyNotLine whyNot;
  private final VBox trouble = new VBox();
  private final ScrollPane scroll = new ScrollPane();
  private final Leaves leaves = new Leaves(scroll);
  private Optional<K> shown = Optional.empty();

  /** How a drawer's head is laid out. */
  public enum Face {
    /** A name with its status, a line of facts, and buttons in one row. */
    THING(8, new Insets(12, 16, 8, 16), 0),
    /** Initials beside the name; as many rows of buttons as are needed. */
    PERSON(10, new Insets(14, 16, 12, 16), 352);

    private final double gap;
    private final Insets padding;
    private final double width;

    Face(double gap, Insets padding, double width) {
      this.gap = gap;
      this.padding = padding;
      this.width = width;
    }
  }

  /**
   * @param name what a screen reader calls it
   * @param portrait how details are shown
   * @param permission whether anything can be changed now
   */
  public Drawer(
      String name,
      Face face,
      OpenDetails<K, D> open,
      Function<D, Portrait> portrait,
      WritePermission permission,
      Desk desk) {
    this.face = face;
    this.open = open;
    this.portrait = portrait;
    this.permission = permission;
    this.desk = desk;
    this.buttons = face == Face.THING ? new HBox(8) : new FlowPane(8, 8);
    this.whyNot = new WhyNotLine(permission.readOnly(), desk.askForWriteMode());
    getStyleClass().add(Styles.DRAWER);
    setAccessibleText(name);
    if (face.width > 0) {
      setPrefWidth(face.width);
    }
    VBox head = new VBox(face.gap);
    head.getChildren().setAll(face == Face.THING ? thing() : person());
    head.getChildren().addAll(buttons, whyNot, trouble);
    head.setPadding(face.padding);
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add(Styles.PLAIN_SCROLL);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    getChildren().addAll(head, leaves, scroll);
    open.details().subscribe(_ -> draw());
    open.failure().subscribe(this::showFailure);
    permission.obstacle().subscribe((_, _) -> draw());
    makeResizable();
  }

  /** Draws again what is shown, because something that it depends on has changed. */
  public void draw() {
    open.details().get().ifPresent(this::draw);
  }

  /** Shows the page with this name. */
  public void turnTo(String leaf) {
    leaves.turnTo(leaf);
  }

  private List<Node> thing() {
    title.getStyleClass().add(Styles.PAGE_TITLE);
    title.setMinWidth(40);
    first.setAlignment(Pos.CENTER_LEFT);
    detail.setAlignment(Pos.CENTER_LEFT);
    return List.of(first, detail);
  }

  private List<Node> person() {
    avatar.getStyleClass().add("lk-avatar");
    title.getStyleClass().add(Styles.PAGE_TITLE);
    title.setMinWidth(0);
    first.setAlignment(Pos.CENTER_LEFT);
    VBox words = new VBox(first, detail);
    words.setMinWidth(0);
    HBox.setHgrow(words, Priority.ALWAYS);
    HBox line = new HBox(10, avatar, words, close());
    line.setAlignment(Pos.CENTER_LEFT);
    return List.of(line);
  }

  private Button close() {
    return Icons.button(Icons.CLOSE, "Close (Esc)", open::close);
  }

  private void draw(D details) {
    Portrait now = portrait.apply(details);
    boolean other = !shown.equals(open.open().get());
    shown = open.open().get();
    now.initials().ifPresent(avatar::setText);
    title.setText(now.title());
    title.setTooltip(new Tooltip(now.title()));
    Styles.toggle(title, Styles.STRUCK, now.over());
    if (face == Face.THING) {
      first.getChildren().setAll(title, now.status(), Sections.spring(), close());
    } else {
      first.getChildren().setAll(title, now.status());
    }
    detail.getChildren().setAll(now.detail());
    showActs(now);
    double place = scroll.getVvalue();
    leaves.show(now.leaves());
    scroll.setVvalue(other ? 0 : place);
  }

  private void showActs(Portrait now) {
    buttons.getChildren().clear();
    for (Act act : now.acts()) {
      if (act.takesAway() && face == Face.THING) {
        buttons.getChildren().add(Sections.spring());
      }
      buttons.getChildren().add(button(act));
    }
    buttons.setManaged(!now.acts().isEmpty());
    whyNot.show(now.acts().isEmpty() ? "" : now.ended().orElseGet(this::whyNothing));
  }

  private String whyNothing() {
    return permission.readOnly().get()
        ? permission.whyReadOnly()
        : permission.obstacle().get().orElse("");
  }

  private HBox button(Act act) {
    Button button =
        new Button(
            act.text(),
            act.takesAway() ? Icons.of(act.icon(), 14, Tone.DANGER) : Icons.of(act.icon(), 14));
    if (act.takesAway()) {
      button.getStyleClass().add(Styles.DANGER_TEXT);
    }
    button.getStyleClass().add(Styles.SMALL);
    button.setMinWidth(USE_PREF_SIZE);
    button.setOnAction(_ -> act.run().run());
    Optional<String> why = act.obstacle().or(() -> permission.obstacle().get());
    button.setDisable(why.isPresent());
    HBox holder = new HBox(button);
    // A disabled button shows no tooltip of its own.
    why.ifPresent(text -> Tooltip.install(holder, new Tooltip(text)));
    why.ifPresent(button::setAccessibleHelp);
    return holder;
  }

  private void showFailure(Optional<Failure> failure) {
    trouble
        .getChildren()
        .setAll(failure.stream().map(told -> ErrorPane.inline(told, desk.clipboard())).toList());
  }

  private void makeResizable() {
    setOnMouseMoved(event -> setCursor(event.getX() < EDGE ? Cursor.H_RESIZE : Cursor.DEFAULT));
    setOnMouseDragged(
        event -> {
          if (getCursor() == Cursor.H_RESIZE) {
            setPrefWidth(Math.clamp(getWidth() - event.getX(), LEAST, MOST));
          }
        });
  }
}
