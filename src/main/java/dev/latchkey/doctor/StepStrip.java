package dev.latchkey.doctor;

import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;

/** The steps in one line, as far as it is wide enough. */
final class StepStrip extends FlowPane {
  StepStrip() {
    super(7, 6);
    setAlignment(Pos.CENTER_LEFT);
  }

  void show(List<StepReport> steps) {
    List<Node> nodes = new ArrayList<>();
    for (StepReport report : steps) {
      nodes.add(step(report, !nodes.isEmpty()));
    }
    getChildren().setAll(nodes);
  }

  private static Node step(StepReport report, boolean after) {
    Label name = new Label(report.step().label());
    StepResult result = report.result();
    name.getStyleClass()
        .add(result instanceof StepResult.Failed ? Styles.DENSE_STRONG : Styles.DENSE);
    if (!result.lets() && !(result instanceof StepResult.Failed)) {
      name.getStyleClass().add(Styles.MUTED);
    }
    HBox box = new HBox(5);
    box.setAlignment(Pos.CENTER_LEFT);
    if (after) {
      box.getChildren().add(Icons.of(Icons.NEXT, 12));
    }
    box.getChildren().addAll(StepIcon.of(result), name);
    if (report.took().toMillis() > 0) {
      Label took = new Label("%,d ms".formatted(report.took().toMillis()));
      took.getStyleClass().addAll(Styles.MONO_SMALL, Styles.MUTED);
      box.getChildren().add(took);
    }
    Tooltip.install(box, new Tooltip(result.sentence()));
    box.setAccessibleText(
        "%s: %s. %s".formatted(report.step().label(), result.word(), result.sentence()));
    return box;
  }
}
