package dev.latchkey.desktop;

import dev.latchkey.kit.Screen;
import java.util.Map;

/** What the screens that do not exist yet will show. */
final class LaterScreens {
  private LaterScreens() {}

  static Map<Place, Screen> all() {
    return Map.of(
        Place.OVERVIEW,
        new LaterScreen(
            Place.OVERVIEW,
            "It will show what needs attention, such as keys that expire soon or were not seen, "
                + "each with the way to deal with it. Keys are managed under Keys already."),
        Place.USAGE,
        new LaterScreen(
            Place.USAGE,
            "It will show the calls made with API keys over time, by key, endpoint, status and "
                + "address. The database records them already."));
  }
}
