package dev.latchkey.sandbox;

import dev.latchkey.sandbox.server.FolderLock;
import dev.latchkey.sandbox.server.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The folder that holds a sandbox. A marker file says that it is ours, so that nothing else is ever
 * used, closed to others or deleted by mistake.
 */
public final class SandboxFolder {
  private static final String MARKER = "latchkey-sandbox";
  private static final String LOCK = "lock";
  private static final String EXPLANATION =
      "This folder is a Latchkey sandbox: a PostgreSQL server with sample data.\n"
          + "It may be deleted while no Latchkey runs; `latchkey sandbox --reset` makes a new one.\n";

  private final Path path;

  private SandboxFolder(Path path) {
    this.path = path;
  }

  /**
   * Where the sandbox lives unless somebody says otherwise: the place where this system keeps a
   * program's data.
   */
  public static Path standard() {
    return standard(
        System.getProperty("os.name"), Path.of(System.getProperty("user.home")), System.getenv());
  }

  static Path standard(String system, Path home, Map<String, String> environment) {
    if (system.startsWith("Windows")) {
      return absolute(environment.get("LOCALAPPDATA"))
          .orElse(home.resolve("AppData").resolve("Local"))
          .resolve("Latchkey")
          .resolve("sandbox");
    }
    if (system.startsWith("Mac")) {
      return home.resolve("Library")
          .resolve("Application Support")
          .resolve("Latchkey")
          .resolve("sandbox");
    }
    // XDG Base Directory Specification: a relative path is to be ignored.
    return absolute(environment.get("XDG_DATA_HOME"))
        .orElse(home.resolve(".local").resolve("share"))
        .resolve("latchkey")
        .resolve("sandbox");
  }

  /**
   * Makes the folder ready for use and private.
   *
   * @throws SandboxException when it holds something that is not a sandbox, or cannot be written
   */
  static SandboxFolder prepare(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    try {
      requireOurs(absolute);
      Path real = PrivateFolder.prepare(absolute);
      Path marker = real.resolve(MARKER);
      if (!Files.exists(marker)) {
        Files.writeString(marker, EXPLANATION, StandardCharsets.UTF_8);
      }
      return new SandboxFolder(real);
    } catch (IOException failure) {
      throw new SandboxException(
          "The folder " + absolute + " cannot be used: " + PrivateFolder.reason(failure) + ".",
          failure);
    }
  }

  Path path() {
    return path;
  }

  Path server() {
    return path.resolve("server");
  }

  Path stateFile() {
    return path.resolve("state.json");
  }

  /** Empty when another process, or another part of this one, has it. */
  Optional<FolderLock> tryLock() {
    return FolderLock.tryLock(path);
  }

  /** Deletes all but the marker and the lock, which the caller holds. */
  void clear() {
    try (var children = Files.newDirectoryStream(path)) {
      for (Path child : children) {
        String name = child.getFileName().toString();
        if (!name.equals(MARKER) && !name.equals(LOCK)) {
          PrivateFolder.delete(child);
        }
      }
    } catch (IOException failure) {
      throw new SandboxException(
          "The folder " + path + " could not be cleared: " + PrivateFolder.reason(failure) + ".",
          failure);
    }
  }

  private static void requireOurs(Path folder) throws IOException {
    if (!Files.isDirectory(folder)
        || Files.isRegularFile(folder.resolve(MARKER), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var children = Files.newDirectoryStream(folder)) {
      if (children.iterator().hasNext()) {
        throw new SandboxException(
            "The folder "
                + folder
                + " holds files that are not a sandbox's. Choose an empty or a new folder.");
      }
    }
  }

  private static Optional<Path> absolute(String path) {
    return Optional.ofNullable(path)
        .filter(text -> !text.isBlank())
        .map(Path::of)
        .filter(Path::isAbsolute);
  }
}
