package dev.latchkey.desktop;

import javafx.application.Application;

/** Starts the desktop program; returns when its window is closed. */
public final class Desktop {
  private Desktop() {}

  public static void launch(String... arguments) {
    Application.launch(LatchkeyApp.class, arguments);
  }
}
