package dev.latchkey.desktop;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.kordamp.ikonli.Ikon;

/**
 * Something that the command palette can do.
 *
 * @param detail what tells it from others of its name; empty where nothing has to
 * @param shortcut as it is pressed ("F5"); empty where there is none
 * @param obstacle why it cannot run now; empty when it can
 */
record Command(
    Ikon icon,
    String name,
    String detail,
    String shortcut,
    Supplier<Optional<String>> obstacle,
    Runnable action) {

  Command(
      Ikon icon,
      String name,
      String shortcut,
      Supplier<Optional<String>> obstacle,
      Runnable action) {
    this(icon, name, "", shortcut, obstacle, action);
  }

  boolean isFoundBy(String words) {
    String text = name.toLowerCase(Locale.ROOT);
    for (String word : words.toLowerCase(Locale.ROOT).strip().split("\\s+")) {
      if (!text.contains(word)) {
        return false;
      }
    }
    return true;
  }
}
