package dev.latchkey.doctor;

import dev.latchkey.widget.Badge;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The connection doctor's card: what is wrong, what to do, and every check with its evidence. */
public final class DoctorPane extends VBox {
  private static final double CODE_LINE = 17;
  private static final double CODE_AROUND = 24;

  private final DoctorViewModel model;
  private final Times times;
  private final TimedClipboard clipboard;
  private final Consumer<Remedy> act;
  private final Function<Remedy, Optional<String>> obstacle;
  private final Badge badge = new Badge();
  private final Label when = new Label();
  private final Button again = new Button("Run again");
  private final Button stop = new Button("Stop");
  private final VBox findings = new VBox(12);
  private final Label outdated =
      new Label("The profile or the token has changed since. Run again.");
  private final StepStrip strip = new StepStrip();
  private final Hyperlink more = new Hyperlink();
  private final StepList list = new StepList();

  /**
   * @param act does what a remedy says
   * @param obstacle why a remedy cannot be done now; empty when it can
   * @param run examines again
   */
  public DoctorPane(
      DoctorViewModel model,
      Times times,
      TimedClipboard clipboard,
      Consumer<Remedy> act,
      Function<Remedy, Optional<String>> obstacle,
      Runnable run) {
    this.model = model;
    this.times = times;
    this.clipboard = clipboard;
    this.act = act;
    this.obstacle = obstacle;
    getStyleClass().addAll(Styles.CARD, "lk-doctor");
    setId("doctor");
    again.setOnAction(_ -> run.run());
    again.setTooltip(new Tooltip("Looks at every step again; sends the token at most once"));
    stop.setOnAction(_ -> model.stop());
    getChildren().setAll(head(), body());
    managedProperty().bind(visibleProperty());
    model.diagnosisProperty().subscribe(this::show);
    model.runningProperty().subscribe(this::follow);
    model.outdatedProperty().subscribe(stale -> shown(outdated, stale));
    model.expandedProperty().subscribe(open -> expand(open));
  }

  private Node head() {
    Label title = new Label("Connection doctor");
    title.getStyleClass().add(Styles.CARD_TITLE);
    title.setMinWidth(USE_PREF_SIZE);
    when.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    List.of(again, stop).forEach(button -> button.getStyleClass().add(Styles.IN_CARD));
    List.of(again, stop).forEach(button -> button.setMinWidth(USE_PREF_SIZE));
    again.setId("doctor-again");
    stop.setId("doctor-stop");
    Button close = Icons.button(Icons.CLOSE, "Close the doctor", model::close);
    close.getStyleClass().remove(Styles.SMALL);
    close.getStyleClass().add(Styles.IN_CARD);
    HBox head = new HBox(Icons.of(Icons.DOCTOR), title, badge, spring(), when, again, stop, close);
    head.getStyleClass().add(Styles.CARD_HEAD);
    return head;
  }

  private Node body() {
    outdated.getStyleClass().addAll(Styles.HINT, Tone.WARNING.styleClass());
    more.getStyleClass().add(Styles.SMALL_TEXT);
    more.setId("doctor-checks");
    more.setOnAction(_ -> model.expandedProperty().set(!model.expandedProperty().get()));
    VBox body = new VBox(12, findings, outdated, strip, more, list);
    body.getStyleClass().add("lk-doctor-body");
    findings.managedProperty().bind(findings.visibleProperty());
    return body;
  }

  private void show(Optional<Diagnosis> diagnosis) {
    setVisible(diagnosis.isPresent());
    diagnosis.ifPresent(this::show);
  }

  private void show(Diagnosis diagnosis) {
    int problems = diagnosis.findings().size();
    if (!diagnosis.complete()) {
      badge.show("Looking", Tone.ACCENT);
    } else if (problems == 0) {
      badge.show(
          stopped(diagnosis) ? "Stopped" : "No problem",
          stopped(diagnosis) ? Tone.NEUTRAL : Tone.SUCCESS);
    } else {
      badge.show(problems == 1 ? "1 problem" : problems + " problems", Tone.DANGER);
    }
    when.setText(
        diagnosis.complete()
            ? "Last run %s · %,d ms"
                .formatted(times.clock(diagnosis.began()), diagnosis.took().toMillis())
            : "");
    findings.getChildren().setAll(told(diagnosis));
    findings.setVisible(!findings.getChildren().isEmpty());
    strip.show(diagnosis.steps());
    list.show(diagnosis.steps());
    expand(model.expandedProperty().get());
  }

  private static boolean stopped(Diagnosis diagnosis) {
    return diagnosis.steps().stream()
        .anyMatch(report -> report.result() instanceof StepResult.NotReached);
  }

  private void follow(boolean running) {
    shown(stop, running);
    shown(again, !running);
  }

  private void expand(boolean open) {
    int checks = model.diagnosisProperty().get().map(seen -> seen.steps().size()).orElse(0);
    more.setText(open ? "Hide the checks" : "Show %d checks".formatted(checks));
    shown(list, open);
  }

  private List<Node> told(Diagnosis diagnosis) {
    if (!diagnosis.complete()) {
      return List.of();
    }
    List<Finding> found = diagnosis.findings();
    if (found.isEmpty()) {
      return stopped(diagnosis) ? List.of() : List.of(allIsWell(diagnosis));
    }
    List<Node> nodes = new ArrayList<>();
    for (Finding finding : found) {
      nodes.add(note(finding, diagnosis, nodes.isEmpty()));
      actions(finding).ifPresent(nodes::add);
      if (!finding.sql().isEmpty()) {
        nodes.add(sql(finding.sql()));
      }
    }
    return nodes;
  }

  private Node allIsWell(Diagnosis diagnosis) {
    Button connect = new Button("Connect");
    connect.setMinWidth(USE_PREF_SIZE);
    connect.setOnAction(_ -> act.accept(new Remedy.Connect("Connect")));
    return new Note(
            Tone.SUCCESS,
            "Nothing is in the way.",
            "The token was sent %s, and the server let it in."
                .formatted(Diagnosis.times(diagnosis.attempts())))
        .with(connect);
  }

  private Node note(Finding finding, Diagnosis diagnosis, boolean withCopy) {
    VBox right = new VBox(4);
    right.setAlignment(Pos.CENTER_RIGHT);
    right.setMinWidth(USE_PREF_SIZE);
    if (withCopy) {
      right.getChildren().add(copy(diagnosis));
    }
    if (!finding.sentence().contains(finding.code())) {
      Label code = new Label(finding.code());
      code.getStyleClass().addAll(Styles.MONO_SMALL, Styles.MUTED);
      right.getChildren().add(code);
    }
    return new Note(Tone.DANGER, finding.sentence(), finding.nextStep()).with(right);
  }

  private Button copy(Diagnosis diagnosis) {
    Button copy = new Button("Copy details", Icons.of(Icons.COPY, 14));
    copy.setId("doctor-copy");
    copy.setMinWidth(USE_PREF_SIZE);
    copy.setOnAction(
        _ -> {
          clipboard.copy(diagnosis.report());
          copy.setText("Copied");
        });
    return copy;
  }

  private Optional<Node> actions(Finding finding) {
    if (finding.remedies().isEmpty()) {
      return Optional.empty();
    }
    VBox lines = new VBox(8);
    HBox line = new HBox(8);
    for (Remedy remedy : finding.remedies()) {
      if (remedy.effect().isEmpty()) {
        line.getChildren().add(button(remedy));
      } else {
        Label effect = new Label(remedy.effect());
        effect.getStyleClass().addAll(Styles.MONO, Styles.MUTED);
        effect.setWrapText(true);
        HBox changing = new HBox(8, button(remedy), effect);
        changing.setAlignment(Pos.CENTER_LEFT);
        lines.getChildren().add(changing);
      }
    }
    if (!line.getChildren().isEmpty()) {
      lines.getChildren().add(line);
    }
    return Optional.of(lines);
  }

  private Node button(Remedy remedy) {
    Button button = new Button(remedy.label());
    button.getStyleClass().add(Styles.SMALL);
    button.setMinWidth(USE_PREF_SIZE);
    button.setAccessibleText((remedy.label() + ". " + remedy.effect()).strip());
    button.setOnAction(_ -> act.accept(remedy));
    Optional<String> reason = obstacle.apply(remedy);
    if (reason.isEmpty()) {
      return button;
    }
    button.setDisable(true);
    button.setAccessibleText(remedy.label() + ". " + reason.get());
    HBox box = new HBox(button);
    Tooltip.install(box, new Tooltip(reason.get()));
    return box;
  }

  private Node sql(String text) {
    Label label = new Label("For somebody with more rights to run");
    label.getStyleClass().add(Styles.FIELD_LABEL);
    CodePane code = new CodePane(clipboard);
    code.show(text);
    double height = CODE_LINE * text.lines().count() + CODE_AROUND;
    code.setMinHeight(height);
    code.setPrefHeight(height);
    return new VBox(4, label, code);
  }

  private static Region spring() {
    Region region = new Region();
    HBox.setHgrow(region, Priority.ALWAYS);
    return region;
  }

  private static void shown(Node node, boolean shown) {
    node.setVisible(shown);
    node.setManaged(shown);
  }
}
