package dev.latchkey.kit.drawer;

import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** What the pages of drawers are made of. */
public final class Sections {
  private Sections() {}

  /** A page whose parts follow each other. */
  public static VBox page() {
    VBox page = new VBox(12);
    page.setPadding(new Insets(14, 16, 16, 16));
    return page;
  }

  /** A line between two parts. */
  public static Region rule() {
    Region rule = new Region();
    rule.getStyleClass().add("lk-rule");
    return rule;
  }

  /** A section's title with a number beside it. */
  public static HBox counted(String text, int number) {
    HBox head = title(text);
    Label count = new Label("%,d".formatted(number));
    count.getStyleClass().add(Styles.COUNT);
    head.getChildren().add(count);
    return head;
  }

  public static HBox title(String text) {
    Label title = new Label(text);
    title.getStyleClass().add(Styles.CARD_TITLE);
    title.setMinWidth(Region.USE_PREF_SIZE);
    HBox head = new HBox(8, title);
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  public static VBox section(HBox head) {
    VBox section = new VBox(head);
    section.getStyleClass().add("lk-access-section");
    return section;
  }

  /** Takes the room that is left over. */
  public static Region spring() {
    Region region = new Region();
    HBox.setHgrow(region, Priority.ALWAYS);
    return region;
  }

  public static Label text(String text) {
    Label label = new Label(text);
    label.getStyleClass().add(Styles.DENSE);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  public static Label small(String text, Tone tone) {
    Label label = new Label(text);
    label.getStyleClass().add(Styles.SMALL_STRONG);
    tone.applyTo(label);
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  public static Label muted(String text) {
    Label label = new Label(text);
    label.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    return label;
  }
}
