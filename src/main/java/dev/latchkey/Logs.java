package dev.latchkey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;

/** Sets up what is logged, unless the JVM was told otherwise. */
final class Logs {
  private Logs() {}

  static void setUp() {
    if (System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    try (InputStream settings = Logs.class.getResourceAsStream("logging.properties")) {
      if (settings == null) {
        throw new IOException("logging.properties is missing from the program");
      }
      LogManager.getLogManager().readConfiguration(settings);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }
}
