package dev.latchkey.sandbox;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The PostgreSQL programs that come in the class path as one archive. They are unpacked beside
 * their final place and moved there in one step, so that a start killed half way is never taken for
 * a complete one.
 */
final class ServerBinaries {
  private final Path folder;

  private ServerBinaries(Path folder) {
    this.folder = folder;
  }

  /**
   * Unpacks the archive for this system below {@code parent}, unless exactly this archive was
   * unpacked there before.
   */
  static ServerBinaries unpack(Path parent) {
    Path home = PrivateFolder.prepare(parent);
    try {
      Path target = home.resolve("postgresql-" + fingerprint());
      if (!Files.isDirectory(target)) {
        unpackTo(home, target);
      }
      return new ServerBinaries(target);
    } catch (IOException failure) {
      throw new SandboxException(
          "PostgreSQL could not be unpacked to "
              + parent
              + ": "
              + PrivateFolder.reason(failure)
              + ".",
          failure);
    }
  }

  /** The full path of one of PostgreSQL's programs. */
  Path program(String name) {
    return folder.resolve("bin").resolve(windows() ? name + ".exe" : name);
  }

  static boolean windows() {
    return system().equals("Windows");
  }

  private static void unpackTo(Path home, Path target) throws IOException {
    Path half = Files.createTempDirectory(home, "unpacking-");
    try {
      try (InputStream archive = archive()) {
        extract(archive, half);
      }
      move(half, target);
    } finally {
      PrivateFolder.delete(half);
    }
    sweep(home);
  }

  private static void move(Path half, Path target) throws IOException {
    try {
      Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException unsupported) {
      throw unsupported;
    } catch (FileSystemException taken) {
      if (!Files.isDirectory(target)) {
        throw taken;
      }
    }
  }

  /** Removes what a killed start has left; a start still going on is younger than an hour. */
  private static void sweep(Path home) throws IOException {
    long old = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    try (var leftovers = Files.newDirectoryStream(home, "unpacking-*")) {
      for (Path leftover : leftovers) {
        if (Files.getLastModifiedTime(leftover).toMillis() < old) {
          PrivateFolder.delete(leftover);
        }
      }
    }
  }

  private static void extract(InputStream archive, Path target) throws IOException {
    try (var tar =
        new TarArchiveInputStream(
            new XZCompressorInputStream(new BufferedInputStream(archive, 1 << 16)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = inside(target, entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
          inside(target, target.relativize(path).resolveSibling(entry.getLinkName()).toString());
          Files.createDirectories(path.getParent());
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
          Files.createDirectories(path.getParent());
          Files.copy(tar, path);
          allowExecution(path, entry.getMode());
        }
      }
    }
  }

  private static Path inside(Path target, String name) throws IOException {
    Path path = target.resolve(name).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("the archive holds a path that leaves its folder");
    }
    return path;
  }

  private static void allowExecution(Path path, int mode) throws IOException {
    if ((mode & 0100) == 0 || windows()) {
      return;
    }
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(path));
    permissions.add(PosixFilePermission.OWNER_EXECUTE);
    Files.setPosixFilePermissions(path, permissions);
  }

  private static String fingerprint() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (var stream = new DigestInputStream(archive(), digest)) {
        stream.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static InputStream archive() throws IOException {
    try {
      InputStream archive =
          DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
              system(), System.getProperty("os.arch"));
      if (archive != null) {
        return archive;
      }
    } catch (IllegalStateException missing) {
      throw new IOException(missing.getMessage(), missing);
    }
    throw new IOException(
        "this build holds no PostgreSQL for " + system() + " on " + System.getProperty("os.arch"));
  }

  private static String system() {
    String name = System.getProperty("os.name");
    if (name.startsWith("Windows")) {
      return "Windows";
    }
    return name.startsWith("Mac") ? "Darwin" : "Linux";
  }
}
