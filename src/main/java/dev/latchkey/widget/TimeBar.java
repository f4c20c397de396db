package dev.latchkey.widget;

import javafx.scene.layout.Region;

/** How much of a time is left, as a bar of 4 pixels that empties. */
public final class TimeBar extends Region {
  private static final double HEIGHT = 4;

  private final Region fill = new Region();
  private double left = 1;

  public TimeBar() {
    getStyleClass().add("lk-time-bar");
    fill.getStyleClass().add("lk-time-fill");
    getChildren().add(fill);
    setMinHeight(HEIGHT);
    setPrefHeight(HEIGHT);
    setMaxHeight(HEIGHT);
  }

  /**
   * @param fraction from 0 (ended) to 1
   */
  public void show(double fraction, Tone tone) {
    left = Math.clamp(fraction, 0, 1);
    tone.applyTo(fill);
    requestLayout();
  }

  @Override
  protected void layoutChildren() {
    fill.resizeRelocate(0, 0, snapSizeX(getWidth() * left), HEIGHT);
  }
}
