package dev.latchkey.kit.drawer;

import dev.latchkey.widget.Badge;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;

/**
 * What a drawer shows of one thing.
 *
 * @param initials of the person whose thing it is; drawn where there are some
 * @param over whether the title is struck out: the thing is ended for good
 * @param detail one line below the title
 * @param ended why nothing can be done with it any more; empty while something can
 * @param leaves at least one
 */
public record Portrait(
    Optional<String> initials,
    String title,
    boolean over,
    Badge status,
    Node detail,
    List<Act> acts,
    Optional<String> ended,
    List<Leaf> leaves) {
  public Portrait {
    acts = List.copyOf(acts);
    leaves = List.copyOf(leaves);
  }
}
