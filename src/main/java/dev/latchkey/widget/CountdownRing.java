package dev.latchkey.widget;

import javafx.scene.layout.Region;
import javafx.scene.shape.Arc;
import javafx.scene.shape.ArcType;
import javafx.scene.shape.Circle;

/** How much of a time is left, as a ring of 16 pixels that empties. */
public final class CountdownRing extends Region {
  private static final double SIZE = 16;
  private static final double RADIUS = 6;

  private final Arc arc = new Arc(SIZE / 2, SIZE / 2, RADIUS, RADIUS, 90, 360);

  public CountdownRing() {
    Circle track = new Circle(SIZE / 2, SIZE / 2, RADIUS);
    track.getStyleClass().add("lk-ring-track");
    arc.getStyleClass().add("lk-ring-arc");
    arc.setType(ArcType.OPEN);
    track.setManaged(false);
    arc.setManaged(false);
    getChildren().addAll(track, arc);
    setMinSize(SIZE, SIZE);
    setPrefSize(SIZE, SIZE);
    setMaxSize(SIZE, SIZE);
  }

  /**
   * @param left from 0 (ended) to 1
   */
  public void show(double left, Tone tone) {
    arc.setLength(360 * Math.clamp(left, 0, 1));
    tone.applyTo(arc);
  }
}
