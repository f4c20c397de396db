package dev.latchkey.keys.screen;

import dev.latchkey.keys.KeyDetails;
import dev.latchkey.keys.UsageDay;
import dev.latchkey.widget.StackedBars;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** How often a key was called on each of the last 14 days, as a chart and in numbers. */
final class KeyUsage {
  private KeyUsage() {}

  static HBox head(KeyDetails details) {
    Label title = new Label("Calls, last 14 days");
    title.getStyleClass().addAll(Styles.SMALL_STRONG, Styles.MUTED);
    long calls = details.usage().stream().mapToLong(UsageDay::calls).sum();
    long denied = details.usage().stream().mapToLong(UsageDay::denied).sum();
    Label total = new Label("%,d calls".formatted(calls));
    total.getStyleClass().add(Styles.SMALL_TEXT);
    Label refused = new Label(denied == 0 ? "" : "· %,d denied".formatted(denied));
    refused.getStyleClass().add(Styles.SMALL_TEXT);
    Tone.DANGER.applyTo(refused);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox head = new HBox(4, title, spring, total, refused);
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  static StackedBars bars(KeyDetails details) {
    StackedBars bars = new StackedBars();
    bars.show(
        details.usage().stream()
            .map(
                day ->
                    new StackedBars.Day(
                        day.day(), day.ok(), day.clientErrors(), day.denied(), day.serverErrors()))
            .toList());
    return bars;
  }

  /** The same in numbers, the newest day first. */
  static GridPane days(KeyDetails details) {
    GridPane grid = new GridPane(8, 4);
    for (int share : List.of(28, 18, 18, 18, 18)) {
      ColumnConstraints column = new ColumnConstraints();
      column.setPercentWidth(share);
      grid.getColumnConstraints().add(column);
    }
    grid.addRow(
        0,
        heading("Day (UTC)"),
        right(heading("Calls")),
        right(heading("Client")),
        right(heading("Denied")),
        right(heading("Server")));
    for (UsageDay day : details.usage().reversed()) {
      grid.addRow(
          grid.getRowCount(),
          mono(day.day().toString()),
          number(day.calls()),
          number(day.clientErrors()),
          number(day.denied()),
          number(day.serverErrors()));
    }
    return grid;
  }

  static HBox legend() {
    HBox legend =
        new HBox(
            12,
            legend("ok", "lk-legend-ok"),
            legend("client error", "lk-legend-client"),
            legend("denied", "lk-legend-denied"),
            legend("server error", "lk-legend-server"));
    legend.setAlignment(Pos.CENTER_LEFT);
    return legend;
  }

  private static Label legend(String word, String styleClass) {
    Region square = new Region();
    square.getStyleClass().addAll("lk-legend", styleClass);
    Label label = new Label(word, square);
    label.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    return label;
  }

  private static Label heading(String text) {
    Label label = new Label(text);
    label.getStyleClass().addAll(Styles.SMALL_STRONG, Styles.MUTED);
    return label;
  }

  private static Label mono(String text) {
    Label label = new Label(text);
    label.getStyleClass().add(Styles.MONO);
    return label;
  }

  private static Label number(long number) {
    return right(mono("%,d".formatted(number)));
  }

  private static Label right(Label label) {
    GridPane.setHalignment(label, HPos.RIGHT);
    return label;
  }
}
