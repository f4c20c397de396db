package dev.latchkey.desktop;

import dev.latchkey.kit.Screen;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.Styles;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** A screen that does not exist yet: it says what it will show, and nothing false. */
final class LaterScreen extends VBox implements Screen {
  LaterScreen(Place place, String text) {
    getStyleClass().add(Styles.PAGE);
    Label title = new Label(place.label());
    title.getStyleClass().add(Styles.PAGE_TITLE);
    HBox toolbar = new HBox(title);
    toolbar.getStyleClass().addAll(Styles.TOOLBAR, Styles.TOOLBAR_LINE);
    EmptyPane pane =
        new EmptyPane(place.icon(), place.label() + " comes with a later version", text);
    VBox.setVgrow(pane, Priority.ALWAYS);
    getChildren().addAll(toolbar, pane);
  }

  @Override
  public Parent root() {
    return this;
  }
}
