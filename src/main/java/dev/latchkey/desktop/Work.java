package dev.latchkey.desktop;

import dev.latchkey.change.WriteMode;
import dev.latchkey.database.Session;
import dev.latchkey.kit.Screen;
import java.util.Map;

/** One sign-in and the screens that work with it; they stay when access is renewed. */
public record Work(Session session, WriteMode writeMode, Map<Place, Screen> screens) {
  Work with(Session renewed) {
    return new Work(renewed, writeMode, screens);
  }
}
