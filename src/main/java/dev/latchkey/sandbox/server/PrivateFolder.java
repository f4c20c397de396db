package dev.latchkey.sandbox.server;

import dev.latchkey.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/**
 * A folder that only its owner can enter. It is the boundary around a server that asks nobody for a
 * password, so its mode is made sure of each time and not taken for granted.
 */
public final class PrivateFolder {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFolder() {}

  /**
   * Creates the folder where it is missing and closes it to everyone but its owner.
   *
   * @return the folder's real path, without symbolic links
   */
  public static Path prepare(Path folder) {
    try {
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        create(folder);
      }
      requireDirectory(folder);
      requireOwn(folder);
      close(folder);
      return folder.toRealPath();
    } catch (IOException failure) {
      throw new SandboxException(
          "The folder " + folder + " cannot be used: " + reason(failure) + ".", failure);
    }
  }

  /** What went wrong with a file, in words, without repeating the file's name. */
  public static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "a file of that name is in the way";
    }
    if (failure instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason().toLowerCase(Locale.ROOT);
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  /** Deletes a folder with all that is in it; does not follow symbolic links. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void create(Path folder) throws IOException {
    if (posix(folder.toAbsolutePath().getParent())) {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } else {
      Files.createDirectory(folder);
    }
  }

  private static void requireDirectory(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
  }

  private static void requireOwn(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "probe-", null);
    try {
      if (posix(folder) && !Files.getOwner(folder).equals(Files.getOwner(probe))) {
        throw new FileSystemException(folder.toString(), null, "it belongs to another user");
      }
    } finally {
      Files.delete(probe);
    }
  }

  private static void close(Path folder) throws IOException {
    if (posix(folder) && !Files.getPosixFilePermissions(folder).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(folder, OWNER_ONLY);
    }
  }

  private static boolean posix(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix");
  }
}
