package dev.latchkey.doctor;

import dev.latchkey.widget.Styles;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** Every step in a row of its own, with what was seen, how long it took and what it cost. */
final class StepList extends VBox {
  private static final double NAMES = 84;

  StepList() {
    getStyleClass().add("lk-doctor-list");
  }

  void show(List<StepReport> steps) {
    getChildren().setAll(steps.stream().map(StepList::row).toList());
  }

  private static Node row(StepReport report) {
    Label name = new Label(report.step().label());
    name.getStyleClass().add(Styles.DENSE_STRONG);
    name.setMinWidth(NAMES);
    VBox seen = new VBox(2, wrapped(report.result().sentence(), Styles.DENSE));
    report
        .evidence()
        .forEach(evidence -> seen.getChildren().add(wrapped(evidence, Styles.MONO_SMALL)));
    HBox.setHgrow(seen, Priority.ALWAYS);
    Label cost = new Label(cost(report));
    cost.getStyleClass().addAll(Styles.MONO_SMALL, Styles.MUTED);
    cost.setMinWidth(USE_PREF_SIZE);
    HBox row = new HBox(8, icon(report), name, seen, cost);
    row.getStyleClass().add("lk-doctor-row");
    row.setAlignment(Pos.TOP_LEFT);
    row.setFocusTraversable(true);
    row.setAccessibleRole(AccessibleRole.TEXT);
    row.setAccessibleText(
        "%s: %s. %s %s %s"
            .formatted(
                report.step().label(),
                report.result().word(),
                report.result().sentence(),
                String.join(". ", report.evidence()),
                cost.getText()));
    return row;
  }

  private static Node icon(StepReport report) {
    HBox box = new HBox(StepIcon.of(report.result()));
    box.getStyleClass().add("lk-doctor-icon");
    return box;
  }

  private static String cost(StepReport report) {
    if (!(report.result() instanceof StepResult.Passed)
        && !(report.result() instanceof StepResult.Failed)) {
      return report.result().word();
    }
    String took = "%,d ms".formatted(report.took().toMillis());
    return report.step() == Step.SIGN_IN
        ? took + (report.attempts() == 1 ? " · 1 attempt" : " · 0 attempts")
        : took;
  }

  private static Label wrapped(String text, String style) {
    Label label = new Label(text);
    label.getStyleClass().add(style);
    if (style.equals(Styles.MONO_SMALL)) {
      label.getStyleClass().add(Styles.MUTED);
    }
    label.setWrapText(true);
    label.setMinHeight(USE_PREF_SIZE);
    return label;
  }
}
