package dev.latchkey.widget;

import javafx.geometry.Pos;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/** A filter that is on or off, with the number of rows that it finds. */
public final class FilterChip extends ToggleButton {
  private final String word;
  private final Label count = new Label();

  public FilterChip(String word, Tone tone) {
    this.word = word;
    getStyleClass().setAll("lk-filter-chip");
    setMinWidth(USE_PREF_SIZE);
    Region dot = new Region();
    dot.getStyleClass().add("lk-dot");
    tone.applyTo(dot);
    count.getStyleClass().add("lk-filter-count");
    HBox content = new HBox(6, dot, new Label(word), count);
    content.setAlignment(Pos.CENTER);
    setGraphic(content);
    setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    setAccessibleText(word);
  }

  public void showCount(long rows) {
    count.setText("%,d".formatted(rows));
    setAccessibleText("%s, %,d".formatted(word, rows));
  }
}
