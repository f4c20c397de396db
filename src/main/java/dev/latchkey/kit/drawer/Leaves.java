package dev.latchkey.kit.drawer;

import dev.latchkey.widget.Styles;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;

/**
 * The tabs of a drawer, where it has more than one page; the chosen one stays while it is there.
 */
final class Leaves extends HBox {
  private final ScrollPane page;
  private final ToggleGroup group = new ToggleGroup();
  private List<Leaf> shown = List.of();
  private String chosen = "";

  Leaves(ScrollPane page) {
    this.page = page;
    getStyleClass().add(Styles.TABS);
    managedProperty().bind(visibleProperty());
  }

  void show(List<Leaf> leaves) {
    boolean same =
        leaves.stream().map(Leaf::name).toList().equals(shown.stream().map(Leaf::name).toList());
    shown = leaves;
    setVisible(leaves.size() > 1);
    if (!same) {
      getChildren().setAll(leaves.stream().map(this::tab).toList());
    }
    for (int index = 0; index < leaves.size(); index++) {
      count((ToggleButton) getChildren().get(index), leaves.get(index).count());
    }
    turnTo(find(chosen).orElse(leaves.getFirst()).name());
  }

  /** Shows the page with this name. */
  void turnTo(String name) {
    boolean other = !name.equals(chosen);
    chosen = name;
    group.getToggles().stream()
        .filter(tab -> name.equals(tab.getUserData()))
        .forEach(tab -> tab.setSelected(true));
    find(name).ifPresent(leaf -> page.setContent(leaf.page().get()));
    if (other) {
      page.setVvalue(0);
    }
  }

  private Optional<Leaf> find(String name) {
    return shown.stream().filter(leaf -> leaf.name().equals(name)).findFirst();
  }

  private ToggleButton tab(Leaf leaf) {
    ToggleButton button = new ToggleButton(leaf.name());
    button.setContentDisplay(ContentDisplay.RIGHT);
    button.setToggleGroup(group);
    button.setUserData(leaf.name());
    button.setOnAction(
        _ -> {
          button.setSelected(true);
          turnTo(leaf.name());
        });
    return button;
  }

  private static void count(ToggleButton tab, int number) {
    if (number == 0) {
      tab.setGraphic(null);
      return;
    }
    Label count = new Label("%,d".formatted(number));
    count.getStyleClass().add(Styles.COUNT);
    tab.setGraphic(count);
  }
}
