package dev.latchkey.desktop;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.kordamp.ikonli.Ikon;

/**
 * Something that the command palette can do.
 *
 * @param shortcut as it is pressed ("F5"); empty where there is none
 * @param obstacle why it cannot run now; empty when it can
 */
record Command(
    Ikon icon, String name, String shortcut, Supplier<Optional<String>> obstacle, Runnable action) {

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
