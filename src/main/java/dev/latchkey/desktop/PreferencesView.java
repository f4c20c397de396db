package dev.latchkey.desktop;

import dev.latchkey.desktop.Preferences.ThemeChoice;
import dev.latchkey.desktop.Preferences.ZoneChoice;
import dev.latchkey.kit.Screen;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The Preferences screen. */
public final class PreferencesView extends VBox implements Screen {
  private final PreferencesViewModel model;
  private final Times times;
  private final Label example = new Label();

  public PreferencesView(PreferencesViewModel model, Times times) {
    this.model = model;
    this.times = times;
    getStyleClass().add(Styles.PAGE);
    Label title = new Label("Preferences");
    title.getStyleClass().add(Styles.PAGE_TITLE);
    HBox toolbar = new HBox(title);
    toolbar.getStyleClass().addAll(Styles.TOOLBAR, Styles.TOOLBAR_LINE);
    Note problem = new Note(Tone.WARNING, "");
    problem.visibleProperty().bind(model.problemProperty().isNotEmpty());
    problem.managedProperty().bind(problem.visibleProperty());
    model.problemProperty().subscribe(text -> problem.show("", text));
    VBox body = new VBox(problem, theme(), zone());
    body.getStyleClass().add("lk-preferences");
    getChildren().addAll(toolbar, body);
  }

  @Override
  public Parent root() {
    return this;
  }

  @Override
  public void shown() {
    showExample();
  }

  private Node theme() {
    Segments<ThemeChoice> choices = new Segments<>();
    for (ThemeChoice choice : ThemeChoice.values()) {
      choices.add(choice, choice.label());
    }
    choices.setValue(model.themeProperty().get());
    choices.valueProperty().bindBidirectional(model.themeProperty());
    return setting(
        "Theme", choices, hint("The system's theme is followed while the window is open."));
  }

  private Node zone() {
    Segments<ZoneChoice> choices = new Segments<>();
    for (ZoneChoice choice : ZoneChoice.values()) {
      choices.add(choice, choice.label());
    }
    choices.setValue(model.zoneProperty().get());
    choices.valueProperty().bindBidirectional(model.zoneProperty());
    example.getStyleClass().add(Styles.HINT);
    times.zone().subscribe(this::showExample);
    return setting("Times", choices, example);
  }

  private void showExample() {
    example.setText("It is now " + times.exact(times.now()) + ".");
  }

  private static Node setting(String name, Node choices, Label hint) {
    Label label = new Label(name);
    label.getStyleClass().add(Styles.FIELD_LABEL);
    VBox box = new VBox(label, choices, hint);
    box.getStyleClass().add("lk-field");
    return box;
  }

  private static Label hint(String text) {
    Label label = new Label(text);
    label.getStyleClass().add(Styles.HINT);
    return label;
  }
}
