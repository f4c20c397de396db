package dev.latchkey.access.screen;

import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** What the sections of the drawer are made of. */
final class DrawerParts {
  private DrawerParts() {}

  static HBox counted(String text, int number) {
    HBox head = title(text);
    Label count = new Label("%,d".formatted(number));
    count.getStyleClass().add(Styles.COUNT);
    head.getChildren().add(count);
    return head;
  }

  static HBox title(String text) {
    Label title = new Label(text);
    title.getStyleClass().add(Styles.CARD_TITLE);
    title.setMinWidth(Region.USE_PREF_SIZE);
    HBox head = new HBox(8, title);
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  static VBox section(HBox head) {
    VBox section = new VBox(head);
    section.getStyleClass().add("lk-access-section");
    return section;
  }

  static Region spring() {
    Region region = new Region();
    HBox.setHgrow(region, Priority.ALWAYS);
    return region;
  }

  static Label text(String text) {
    Label label = new Label(text);
    label.getStyleClass().add(Styles.DENSE);
    label.setWrapText(true);
    return label;
  }

  static Label small(String text, Tone tone) {
    Label label = new Label(text);
    label.getStyleClass().add(Styles.SMALL_STRONG);
    tone.applyTo(label);
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  static Label muted(String text) {
    Label label = new Label(text);
    label.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    return label;
  }
}
