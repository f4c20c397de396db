package dev.latchkey.kit.list;

import dev.latchkey.rows.Failure;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.TimedClipboard;
import java.util.function.Supplier;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/**
 * A screen's content in whatever state it is in. What is shown stays while something loads, and a
 * skeleton comes only when loading takes longer than 200 ms, so that nothing flickers.
 */
public final class StatePane extends StackPane {
  private static final long PATIENCE = 200;
  private static final int ROWS = 12;

  /** Whoever belongs to one of them may read what this program shows. */
  private static final String READERS = "latchkey_operator or latchkey_auditor";

  private final Node content;
  private final Tasks tasks;
  private final TimedClipboard clipboard;
  private Tasks.Job timer = () -> {};

  /**
   * @param content what there is to see when all is well
   */
  public StatePane(Node content, Tasks tasks, TimedClipboard clipboard) {
    this.content = content;
    this.tasks = tasks;
    this.clipboard = clipboard;
    getChildren().setAll(content);
  }

  /**
   * Shows from now on whatever state rows are in.
   *
   * @param what the rows' name in the plural
   * @param empty what is said while there are none
   * @param clearFilter shows all rows again
   * @param retry offered after a failure
   */
  public void follow(
      ObservableValue<RowsState> state,
      String what,
      Supplier<EmptyPane> empty,
      Runnable clearFilter,
      Runnable retry) {
    state.subscribe(
        now -> {
          switch (now) {
            case RowsState.Loading _ -> loading();
            case RowsState.Shown _ -> content();
            case RowsState.Empty _ -> empty(empty.get());
            case RowsState.NothingFound _ -> nothingFound(what, clearFilter);
            case RowsState.Failed(Failure failure) when failure.deniesReading() ->
                noPermission(what, READERS);
            case RowsState.Failed(Failure failure) -> failed(failure, retry);
          }
        });
  }

  /** Something loads for the first time, or after a failure. */
  public void loading() {
    timer.cancel();
    timer = tasks.later(PATIENCE, () -> put(skeleton()));
  }

  public void content() {
    timer.cancel();
    put(content);
  }

  /** There is nothing yet; {@code empty} says what this is and offers the first action. */
  public void empty(EmptyPane empty) {
    timer.cancel();
    put(empty);
  }

  /** There are rows, but the filter finds none. */
  public void nothingFound(String what, Runnable clearFilter) {
    Button clear = new Button("Clear the filter");
    clear.setOnAction(_ -> clearFilter.run());
    empty(
        new EmptyPane(
            Icons.SEARCH, "No " + what + " found", "No row matches all of the filters.", clear));
  }

  /** A role is missing for reading this. */
  public void noPermission(String what, String role) {
    empty(
        new EmptyPane(
            Icons.LOCK,
            "You may not read " + what,
            "This needs a role that is a member of %s. Ask an operator for it.".formatted(role)));
  }

  public void failed(Failure failure, Runnable retry) {
    timer.cancel();
    put(ErrorPane.full(failure, clipboard, retry));
  }

  private void put(Node node) {
    if (getChildren().size() != 1 || getChildren().getFirst() != node) {
      getChildren().setAll(node);
    }
  }

  private static Node skeleton() {
    VBox rows = new VBox();
    rows.getStyleClass().add("lk-skeleton");
    rows.setAccessibleText("Loading");
    for (int row = 0; row < ROWS; row++) {
      HBox line = new HBox(bar(120 + row * 37 % 60), bar(90), bar(60), bar(100 + row * 23 % 80));
      line.getStyleClass().add("lk-skeleton-row");
      rows.getChildren().add(line);
    }
    VBox.setVgrow(rows, Priority.ALWAYS);
    return rows;
  }

  private static Region bar(double width) {
    Region bar = new Region();
    bar.getStyleClass().add("lk-skeleton-bar");
    bar.setPrefWidth(width);
    return bar;
  }
}
