package dev.latchkey.desktop;

import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.Styles;
import java.util.List;
import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/**
 * Every command by its name, one that cannot run now with the reason, and below them what the
 * screens have by that name.
 */
final class CommandPalette {
  private static final double ROW = 36;
  private static final int ROWS = 9;

  /** Letters with which things are looked for by name. */
  private static final int LEAST = 2;

  private final DialogLayer layer;

  CommandPalette(DialogLayer layer) {
    this.layer = layer;
  }

  /** Looks for things by name, and tells what was found, soon and perhaps in several parts. */
  interface Finder {
    void find(String words, Consumer<List<Command>> found);
  }

  void open(List<Command> commands, Finder finder) {
    ObservableList<Command> found = FXCollections.observableArrayList(commands);
    SearchField search = new SearchField("Search or run a command");
    ListView<Command> list = new ListView<>(found);
    list.setFixedCellSize(ROW);
    list.setFocusTraversable(false);
    list.setAccessibleText("Commands");
    Label nothing = new Label("Nothing has this name");
    nothing.getStyleClass().add(Styles.MUTED);
    list.setPlaceholder(nothing);
    VBox box = new VBox(search, list);
    box.getStyleClass().add("lk-palette");
    Dialog dialog = Dialog.bare(Dialog.NORMAL, "Commands", box);
    list.setCellFactory(_ -> new CommandCell(() -> run(dialog, list)));
    search
        .textProperty()
        .subscribe(
            text -> {
              found.setAll(commands.stream().filter(command -> command.isFoundBy(text)).toList());
              list.getSelectionModel().selectFirst();
              fit(list);
              if (text.strip().length() >= LEAST) {
                finder.find(
                    text.strip(),
                    more -> {
                      if (text.equals(search.getText())) {
                        add(list, found, more);
                      }
                    });
              }
            });
    search.addEventFilter(KeyEvent.KEY_PRESSED, event -> steer(event, dialog, list));
    layer.show(dialog, Pos.TOP_CENTER);
    search.requestFocus();
  }

  /** What was chosen meanwhile stays chosen. */
  private static void add(
      ListView<Command> list, ObservableList<Command> found, List<Command> more) {
    found.addAll(more);
    if (list.getSelectionModel().isEmpty()) {
      list.getSelectionModel().selectFirst();
    }
    fit(list);
  }

  private static void fit(ListView<Command> list) {
    list.setPrefHeight(ROW * Math.clamp(list.getItems().size(), 1, ROWS));
  }

  private void steer(KeyEvent event, Dialog dialog, ListView<Command> list) {
    switch (event.getCode()) {
      case DOWN -> move(list, 1);
      case UP -> move(list, -1);
      case ENTER -> run(dialog, list);
      default -> {
        return;
      }
    }
    event.consume();
  }

  private static void move(ListView<Command> list, int step) {
    int count = list.getItems().size();
    if (count == 0) {
      return;
    }
    int next = Math.floorMod(list.getSelectionModel().getSelectedIndex() + step, count);
    list.getSelectionModel().select(next);
    list.scrollTo(Math.max(0, next - 4));
  }

  private void run(Dialog dialog, ListView<Command> list) {
    Command command = list.getSelectionModel().getSelectedItem();
    if (command == null || command.obstacle().get().isPresent()) {
      return;
    }
    layer.close(dialog);
    command.action().run();
  }

  private static final class CommandCell extends ListCell<Command> {
    private final Label name = new Label();
    private final Label reason = new Label();
    private final Label shortcut = new Label();
    private final HBox content = new HBox(10);

    CommandCell(Runnable run) {
      shortcut.getStyleClass().add(Styles.KEY_CAP);
      reason.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
      name.setMinWidth(0);
      reason.setMinWidth(0);
      content.setAlignment(Pos.CENTER_LEFT);
      setPrefWidth(0);
      setOnMouseClicked(
          _ -> {
            if (!isEmpty()) {
              run.run();
            }
          });
    }

    @Override
    protected void updateItem(Command command, boolean empty) {
      super.updateItem(command, empty);
      if (empty || command == null) {
        setGraphic(null);
        return;
      }
      String obstacle = command.obstacle().get().orElse("");
      name.setText(command.name());
      reason.setText(obstacle.isEmpty() ? command.detail() : obstacle);
      shortcut.setText(command.shortcut());
      shortcut.setVisible(!command.shortcut().isEmpty());
      name.getStyleClass().remove(Styles.OFF);
      if (!obstacle.isEmpty()) {
        name.getStyleClass().add(Styles.OFF);
      }
      String more = command.detail().isEmpty() ? "" : ", " + command.detail();
      setAccessibleText(command.name() + (obstacle.isEmpty() ? more : ", not now: " + obstacle));
      content
          .getChildren()
          .setAll(Icons.of(command.icon(), 14), name, reason, Dialog.spring(), shortcut);
      setGraphic(content);
    }
  }

  /** Whether a key opens it: Ctrl K, on a Mac Cmd K. */
  static boolean isOpenedBy(KeyEvent event) {
    return event.isShortcutDown() && event.getCode() == KeyCode.K;
  }
}
