package dev.latchkey;

import dev.latchkey.command.AccessCommand;
import dev.latchkey.command.DoctorCommand;
import dev.latchkey.command.LatchkeyCommand;
import dev.latchkey.command.SandboxCommand;
import dev.latchkey.command.SchemaCommand;
import dev.latchkey.command.TokenCommand;
import dev.latchkey.command.TourCommand;
import dev.latchkey.desktop.Desktop;
import java.util.Map;

/** Where the program starts: without arguments the window, otherwise the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Logs.setUp();
    System.exit(run(arguments, System.getenv()));
  }

  private static int run(String[] arguments, Map<String, String> environment) {
    if (arguments.length > 0) {
      return command(arguments);
    }
    if (hasDisplay(environment)) {
      Desktop.launch();
      return 0;
    }
    System.out.println("There is no display here, so no window can open. Taking the tour instead.");
    return command("tour");
  }

  private static int command(String... arguments) {
    return LatchkeyCommand.with(
            new SandboxCommand(),
            new TourCommand(),
            new SchemaCommand(),
            new AccessCommand(),
            new TokenCommand(),
            new DoctorCommand())
        .execute(arguments);
  }

  /**
   * Linux needs an X display, which Wayland desktops offer too (XWayland); macOS and Windows always
   * have one. JavaFX told to draw headless needs none.
   */
  private static boolean hasDisplay(Map<String, String> environment) {
    boolean linux = System.getProperty("os.name").startsWith("Linux");
    return !linux
        || !environment.getOrDefault("DISPLAY", "").isBlank()
        || "Headless".equals(System.getProperty("glass.platform"));
  }
}
