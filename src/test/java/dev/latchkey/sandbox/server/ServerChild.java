package dev.latchkey.sandbox.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own that starts a server and waits to be killed: what a crash leaves behind can
 * only be seen from outside.
 */
final class ServerChild {
  private ServerChild() {}

  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedServer.start(ServerSettings.fleeting(Path.of(arguments[0]), Path.of(arguments[1])));
    System.out.println("started");
    Thread.sleep(TimeUnit.MINUTES.toMillis(5));
  }

  /** Starts a server in {@code folder} from another process and kills that process. */
  static void startAndKill(Path folder, Path binaries) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ServerChild.class.getName(),
                    folder.toString(),
                    binaries.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = child.inputReader()) {
      if (!"started".equals(output.readLine())) {
        throw new AssertionError("the child did not start its server");
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
  }
}
