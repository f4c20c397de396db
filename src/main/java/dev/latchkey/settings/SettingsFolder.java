package dev.latchkey.settings;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where this system keeps a program's settings. */
public final class SettingsFolder {
  private SettingsFolder() {}

  public static Path standard() {
    return standard(
        System.getProperty("os.name"), Path.of(System.getProperty("user.home")), System.getenv());
  }

  static Path standard(String system, Path home, Map<String, String> environment) {
    if (system.startsWith("Windows")) {
      return absolute(environment.get("APPDATA"))
          .orElse(home.resolve("AppData").resolve("Roaming"))
          .resolve("Latchkey");
    }
    if (system.startsWith("Mac")) {
      return home.resolve("Library").resolve("Application Support").resolve("Latchkey");
    }
    // XDG Base Directory Specification: a relative path is to be ignored.
    return absolute(environment.get("XDG_CONFIG_HOME"))
        .orElse(home.resolve(".config"))
        .resolve("latchkey");
  }

  private static Optional<Path> absolute(String text) {
    return Optional.ofNullable(text)
        .filter(path -> !path.isBlank())
        .map(Path::of)
        .filter(Path::isAbsolute);
  }
}
