package dev.latchkey.widget;

import java.util.List;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.MenuButton;
import javafx.scene.layout.Region;

/** Filter chips in one line; those that do not fit are in a menu at its end. */
public final class ChipRow extends Region {
  private static final double GAP = 8;

  private final MenuButton more = new MenuButton("More");
  private List<FilterChip> chips = List.of();

  public ChipRow() {
    more.getStyleClass().add("lk-chip-menu");
    setMinWidth(80);
  }

  public void show(FilterChip... shown) {
    chips = List.of(shown);
    getChildren().setAll(chips);
    getChildren().add(more);
    more.getItems().setAll(chips.stream().map(ChipRow::item).toList());
  }

  private static CheckMenuItem item(FilterChip chip) {
    CheckMenuItem item = new CheckMenuItem();
    item.textProperty().bind(chip.accessibleTextProperty());
    item.selectedProperty().bindBidirectional(chip.selectedProperty());
    return item;
  }

  @Override
  protected double computePrefHeight(double width) {
    return 28;
  }

  @Override
  protected double computePrefWidth(double height) {
    return chips.stream().mapToDouble(chip -> chip.prefWidth(-1) + GAP).sum();
  }

  @Override
  protected void layoutChildren() {
    double room = getWidth();
    boolean all = computePrefWidth(-1) - GAP <= room;
    double end = all ? room : room - more.prefWidth(-1);
    double x = 0;
    boolean fits = true;
    for (int index = 0; index < chips.size(); index++) {
      FilterChip chip = chips.get(index);
      double width = snapSizeX(chip.prefWidth(-1));
      fits = fits && x + width <= end;
      chip.setVisible(fits);
      more.getItems().get(index).setVisible(!fits);
      if (fits) {
        double height = chip.prefHeight(-1);
        chip.resizeRelocate(x, snapPositionY((getHeight() - height) / 2), width, height);
        x += width + GAP;
      }
    }
    more.setVisible(!all);
    double height = more.prefHeight(-1);
    more.resizeRelocate(
        x, snapPositionY((getHeight() - height) / 2), snapSizeX(more.prefWidth(-1)), height);
  }
}
