package dev.latchkey.widget;

import java.util.List;
import javafx.scene.layout.Region;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;

/** Calls of the last days in 14 bars, small enough for a table row; a dotted line for none. */
public final class Sparkline extends Region {
  private static final int BARS = 14;
  private static final double BAR = 2;
  private static final double GAP = 1;
  private static final double HEIGHT = 18;

  private final Path bars = new Path();
  private final Path empty = new Path();

  public Sparkline() {
    bars.getStyleClass().add("lk-spark-bars");
    empty.getStyleClass().add("lk-spark-empty");
    bars.setManaged(false);
    empty.setManaged(false);
    getChildren().addAll(empty, bars);
    double width = BARS * (BAR + GAP) - GAP;
    setMinSize(width, HEIGHT);
    setPrefSize(width, HEIGHT);
    setMaxSize(width, HEIGHT);
  }

  /**
   * @param values oldest first, one for each day; of more than 14 the last 14 count, fewer are
   *     drawn at the right
   */
  public void show(List<Long> values) {
    bars.getElements().clear();
    empty.getElements().clear();
    List<Long> last = values.subList(Math.max(0, values.size() - BARS), values.size());
    long highest = last.stream().mapToLong(Long::longValue).max().orElse(0);
    int offset = BARS - last.size();
    for (int index = 0; index < BARS; index++) {
      long value = index < offset ? 0 : last.get(index - offset);
      double x = index * (BAR + GAP);
      if (value <= 0) {
        bar(empty, x, 1);
      } else {
        bar(bars, x, Math.max(2, Math.round(HEIGHT * value / (double) highest)));
      }
    }
    long total = last.stream().mapToLong(Long::longValue).sum();
    setAccessibleText("%,d calls in %d days".formatted(total, BARS));
  }

  private static void bar(Path path, double x, double height) {
    path.getElements()
        .addAll(
            new MoveTo(x, HEIGHT),
            new LineTo(x, HEIGHT - height),
            new LineTo(x + BAR, HEIGHT - height),
            new LineTo(x + BAR, HEIGHT),
            new ClosePath());
  }
}
