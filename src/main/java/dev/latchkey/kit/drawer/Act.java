package dev.latchkey.kit.drawer;

import java.util.Optional;
import org.kordamp.ikonli.Ikon;

/**
 * Something that can be done with what a drawer shows: a button in its head.
 *
 * @param takesAway whether its text is red
 * @param obstacle why it cannot be done, for reasons of the thing itself
 */
public record Act(
    String text, Ikon icon, boolean takesAway, Optional<String> obstacle, Runnable run) {

  /** An act that adds or changes something. */
  public static Act of(String text, Ikon icon, Optional<String> obstacle, Runnable run) {
    return new Act(text, icon, false, obstacle, run);
  }

  /** An act that takes something away; it asks first. */
  public static Act takingAway(String text, Ikon icon, Optional<String> obstacle, Runnable run) {
    return new Act(text, icon, true, obstacle, run);
  }
}
