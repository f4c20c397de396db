package dev.latchkey.sandbox.server;

import dev.latchkey.sandbox.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Chooses where a server's socket is: the path of a unix socket may not be long. */
final class SocketFolder {
  /** sun_path is 108 bytes on Linux and 104 on macOS, with the closing zero. */
  private static final int LONGEST_SOCKET = 103;

  private static final String SHORT_PREFIX = "latchkey-";

  private SocketFolder() {}

  /**
   * A folder in the server's own, or a short private one among the temporary files where that path
   * would be too long.
   */
  static Path choose(Path serverFolder) throws IOException {
    Path inside = serverFolder.resolve("socket");
    if (fits(inside)) {
      // A killed server's lock file names a process number that may be somebody else's by now.
      PrivateFolder.delete(inside);
      return PrivateFolder.prepare(inside);
    }
    Path outside = Files.createTempDirectory(SHORT_PREFIX).toRealPath();
    if (!fits(outside)) {
      Files.delete(outside);
      throw new SandboxException(
          "Neither "
              + serverFolder
              + " nor the system's folder for temporary files has a path short enough for a socket.");
    }
    return PrivateFolder.prepare(outside);
  }

  /** Removes a short folder; leaves one in the server's own folder alone. */
  static void release(Path socketFolder) {
    if (!socketFolder.getFileName().toString().startsWith(SHORT_PREFIX)) {
      return;
    }
    try {
      PrivateFolder.delete(socketFolder);
    } catch (IOException ignored) {
      // An empty private folder among the temporary files harms nobody.
    }
  }

  private static boolean fits(Path socketFolder) {
    Path socket = new ServerAddress(socketFolder, ServerConfiguration.PORT).socket();
    return socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET;
  }
}
