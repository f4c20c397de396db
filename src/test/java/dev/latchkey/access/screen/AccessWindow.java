package dev.latchkey.access.screen;

import dev.latchkey.access.AccessDetails;
import dev.latchkey.access.AccessRoom;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Member;
import dev.latchkey.access.Person;
import dev.latchkey.change.Environment;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.ReviewDialog;
import dev.latchkey.kit.list.RowsState;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Theme;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.StackPane;
import javafx.scene.text.Text;

/** The screen of temporary access in a real window, and short ways to work it. */
final class AccessWindow {
  static final int WIDE = 1090;
  static final int NARROW = 944;
  static final int HEIGHT = 725;

  final AccessRoom room;
  final AccessViewModel model;
  final AccessView view;
  final DialogLayer dialogs;

  private final FxHarness fx;

  private AccessWindow(
      FxHarness fx, AccessRoom room, AccessViewModel model, AccessView view, DialogLayer dialogs) {
    this.fx = fx;
    this.room = room;
    this.model = model;
    this.view = view;
    this.dialogs = dialogs;
  }

  /** Opens it and waits until everything was read. */
  static AccessWindow open(
      FxHarness fx, AccessRoom room, Tasks tasks, Clock clock, int width, Theme theme) {
    AccessWindow[] opened = new AccessWindow[1];
    fx.show(
        width,
        HEIGHT,
        theme,
        () -> {
          StackPane content = new StackPane();
          DialogLayer dialogs = new DialogLayer(content);
          dialogs.environmentProperty().set(Optional.of(Environment.SANDBOX));
          TimedClipboard clipboard = new TimedClipboard(tasks);
          AccessViewModel model = room.model(new ReviewDialog(dialogs, clipboard), clock);
          Times times = new Times(clock, new SimpleObjectProperty<ZoneId>(ZoneOffset.UTC));
          AccessView view =
              new AccessView(
                  model,
                  Optional.of(room.database.endpoint()),
                  new Desk(dialogs, clipboard, times, tasks, () -> {}));
          content.getChildren().add(view);
          view.shown();
          opened[0] = new AccessWindow(fx, room, model, view, dialogs);
          return dialogs;
        });
    AccessWindow window = opened[0];
    fx.waitUntil(
        "rows and state are there",
        () ->
            window.model.overview().get().isPresent()
                && window.model.grants().state().get() instanceof RowsState.Shown
                && !window.model.grants().busy().get());
    return window;
  }

  /** Switches to a list and waits for its rows. */
  void list(AccessList list) {
    fx.run(() -> model.list().set(list));
    fx.waitUntil(
        list.plural() + " are there",
        () ->
            model.rows(list).state().get() instanceof RowsState.Shown
                && !model.rows(list).busy().get());
  }

  /** The grant with this reason. */
  Grant grant(String reason) {
    return fx.get(
        () ->
            model.grants().rows().stream()
                .filter(row -> row.reason().equals(Optional.of(reason)))
                .findFirst()
                .orElseThrow());
  }

  Person person(String name) {
    return room.source.choosableMembers().stream()
        .map(Member::person)
        .filter(person -> person.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Opens a grant's details and waits until they were read. */
  void details(Grant grant) {
    fx.run(() -> model.show(grant));
    fx.waitUntil(
        "the details are read",
        () ->
            model.drawer().details().get().orElse(null) instanceof AccessDetails.OfGrant of
                && of.grant().id().equals(grant.id())
                && of.sessions().size() == of.grant().sessions());
  }

  /** Into a field, once its dialog has come. */
  void write(String selector, String text) {
    fx.waitUntil(selector + " is there", () -> fx.shows(selector));
    TextInputControl field = fx.find(selector, TextInputControl.class);
    fx.run(
        () -> {
          field.requestFocus();
          field.setText(text);
        });
    fx.settle();
  }

  /** Presses one of the segments of a dialog. */
  void choose(String dialog, String segment) {
    fx.run(
        () ->
            fx.scene().getRoot().lookupAll(dialog + " .toggle-button").stream()
                .map(ToggleButton.class::cast)
                .filter(button -> segment.equals(button.getAccessibleText()))
                .findFirst()
                .orElseThrow()
                .fire());
    fx.settle();
  }

  /** Chooses from a menu. */
  void choose(String selector, MenuButton menu, String text) {
    fx.waitUntil(
        text + " is offered in " + selector,
        () -> menu.getItems().stream().map(MenuItem::getText).anyMatch(text::equals));
    fx.run(
        () ->
            menu.getItems().stream()
                .filter(item -> text.equals(item.getText()))
                .findFirst()
                .orElseThrow()
                .fire());
    fx.settle();
  }

  TableView<?> table() {
    return fx.find(".lk-row-table", TableView.class);
  }

  boolean isOpen(String selector) {
    return fx.get(() -> fx.scene().getRoot().lookup(selector) != null);
  }

  void waitUntilClosed(String selector) {
    fx.waitUntil(selector + " is closed", () -> fx.scene().getRoot().lookup(selector) == null);
  }

  /** Everything that stands in the window, also in fields. */
  List<String> texts() {
    return fx.get(
        () ->
            Stream.of(".label", ".text", ".text-input", ".button")
                .flatMap(style -> fx.scene().getRoot().lookupAll(style).stream())
                .map(AccessWindow::text)
                .toList());
  }

  /** For conditions, which are asked on the JavaFX thread. */
  boolean says(String text) {
    return fx.scene().getRoot().lookupAll(".label").stream()
        .anyMatch(node -> text.equals(text(node)));
  }

  private static String text(Node node) {
    return switch (node) {
      case Labeled labeled -> String.valueOf(labeled.getText());
      case TextInputControl field -> String.valueOf(field.getText());
      case Text piece -> piece.getText();
      default -> "";
    };
  }
}
