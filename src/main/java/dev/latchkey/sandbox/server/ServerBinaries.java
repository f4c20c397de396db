package dev.latchkey.sandbox.server;

import dev.latchkey.sandbox.SandboxException;
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
 * The PostgreSQL programs that come as one archive. They are unpacked beside their final place and
 * moved there in one step, so that a start killed half way is never taken for a complete one.
 */
final class ServerBinaries {
  private final Path folder;

  private ServerBinaries(Path folder) {
    this.folder = folder;
  }

  /**
   * Unpacks the archive below {@code parent}, unless exactly this archive was unpacked there
   * before.
   */
  static ServerBinaries unpack(Path parent, ServerArchive archive) {
    Path home = PrivateFolder.prepare(parent);
    try {
      Path target = home.resolve("postgresql-" + fingerprint(archive));
      if (!Files.isDirectory(target)) {
        unpackTo(home, target, archive);
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

  private static void unpackTo(Path home, Path target, ServerArchive archive) throws IOException {
    Path half = Files.createTempDirectory(home, "unpacking-");
    try {
      try (InputStream packed = archive.open()) {
        extract(packed, half);
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

  private static String fingerprint(ServerArchive archive) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (var stream = new DigestInputStream(archive.open(), digest)) {
        stream.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String system() {
    String name = System.getProperty("os.name");
    if (name.startsWith("Windows")) {
      return "Windows";
    }
    return name.startsWith("Mac") ? "Darwin" : "Linux";
  }
}
