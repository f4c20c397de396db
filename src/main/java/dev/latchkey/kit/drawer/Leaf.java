package dev.latchkey.kit.drawer;

import java.util.function.Supplier;
import javafx.scene.Node;

/**
 * A page of a drawer. One alone needs no tab.
 *
 * @param name the tab's
 * @param count beside the name; none is shown for 0
 * @param page made when it is looked at
 */
public record Leaf(String name, int count, Supplier<Node> page) {
  public Leaf(String name, Supplier<Node> page) {
    this(name, 0, page);
  }
}
