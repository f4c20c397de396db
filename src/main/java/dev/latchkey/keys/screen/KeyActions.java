package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;

/** What the drawer and the table ask the screen to open. */
interface KeyActions {
  void edit(ApiKey key);

  void revoke(ApiKey key);

  /** The switch is in the window's top bar, not on this screen. */
  void askForWriteMode();
}
