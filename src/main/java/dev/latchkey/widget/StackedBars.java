package dev.latchkey.widget;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;

/** Calls by outcome, one bar for each day, with the first and the last day named below. */
public final class StackedBars extends Region {
  private static final double LABELS = 18;
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

  /**
   * The calls of one day (UTC).
   *
   * @param clientErrors refused for another reason than the key
   * @param denied the key was refused
   */
  public record Day(LocalDate day, long ok, long clientErrors, long denied, long serverErrors) {
    long total() {
      return ok + clientErrors + denied + serverErrors;
    }

    String describe() {
      return "%s: %,d ok, %,d client errors, %,d denied, %,d server errors"
          .formatted(DAY.format(day), ok, clientErrors, denied, serverErrors);
    }
  }

  private final Path ok = path("lk-bars-ok");
  private final Path client = path("lk-bars-client");
  private final Path denied = path("lk-bars-denied");
  private final Path server = path("lk-bars-server");
  private final Region axis = new Region();
  private final Label first = new Label();
  private final Label last = new Label();
  private final Tooltip tooltip = new Tooltip();
  private List<Day> days = List.of();

  public StackedBars() {
    axis.getStyleClass().add("lk-bars-axis");
    first.getStyleClass().addAll(Styles.TINY_TEXT, Styles.MUTED);
    last.getStyleClass().addAll(Styles.TINY_TEXT, Styles.MUTED);
    getChildren().addAll(ok, client, denied, server, axis, first, last);
    setMinSize(120, 40 + LABELS);
    setPrefSize(340, 52 + LABELS);
    Tooltip.install(this, tooltip);
    setOnMouseMoved(event -> describe(new Point2D(event.getX(), event.getY())));
  }

  /**
   * @param days oldest first, without gaps
   */
  public void show(List<Day> days) {
    this.days = List.copyOf(days);
    first.setText(days.isEmpty() ? "" : DAY.format(days.getFirst().day()));
    last.setText(days.size() < 2 ? "" : DAY.format(days.getLast().day()));
    tooltip.setText(days.isEmpty() ? "No calls" : days.getLast().describe());
    setAccessibleText(
        "%,d calls in %d days".formatted(days.stream().mapToLong(Day::total).sum(), days.size()));
    requestLayout();
  }

  @Override
  protected void layoutChildren() {
    double height = getHeight() - LABELS;
    double step = days.isEmpty() ? 0 : getWidth() / days.size();
    double gap = Math.min(5, step / 5);
    long highest = days.stream().mapToLong(Day::total).max().orElse(0);
    List.of(ok, client, denied, server).forEach(path -> path.getElements().clear());
    for (int index = 0; index < days.size(); index++) {
      double x = Math.round(index * step + gap / 2);
      double width = Math.max(1, Math.round(step - gap));
      stack(days.get(index), x, width, height, highest);
    }
    axis.resizeRelocate(0, height, getWidth(), 1);
    first.resizeRelocate(0, height + 4, first.prefWidth(-1), 14);
    double lastWidth = last.prefWidth(-1);
    last.resizeRelocate(getWidth() - lastWidth, height + 4, lastWidth, 14);
  }

  private void stack(Day day, double x, double width, double height, long highest) {
    double scale = highest == 0 ? 0 : (height - 6) / highest;
    double bottom = height;
    bottom = part(ok, day.ok(), x, width, bottom, scale);
    bottom = part(client, day.clientErrors(), x, width, bottom, scale);
    bottom = part(denied, day.denied(), x, width, bottom, scale);
    part(server, day.serverErrors(), x, width, bottom, scale);
  }

  private static double part(
      Path path, long value, double x, double width, double bottom, double scale) {
    if (value <= 0) {
      return bottom;
    }
    double top = bottom - Math.max(2, Math.round(value * scale));
    path.getElements()
        .addAll(
            new MoveTo(x, bottom),
            new LineTo(x, top),
            new LineTo(x + width, top),
            new LineTo(x + width, bottom),
            new ClosePath());
    return top;
  }

  private void describe(Point2D point) {
    if (days.isEmpty()) {
      return;
    }
    int index = (int) (point.getX() / getWidth() * days.size());
    tooltip.setText(days.get(Math.clamp(index, 0, days.size() - 1)).describe());
  }

  private static Path path(String styleClass) {
    Path path = new Path();
    path.getStyleClass().add(styleClass);
    path.setManaged(false);
    return path;
  }
}
