package dev.latchkey.sandbox.server;

import dev.latchkey.sandbox.SandboxException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Marks a folder as in use by this process. The system releases the lock when the process ends,
 * however it ends.
 */
public final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Empty when somebody, in this process or another, holds the lock. */
  public static Optional<FolderLock> tryLock(Path folder) {
    Path file = folder.resolve("lock");
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new FolderLock(channel));
      }
      channel.close();
      return Optional.empty();
    } catch (OverlappingFileLockException held) {
      closeQuietly(channel);
      return Optional.empty();
    } catch (IOException failure) {
      closeQuietly(channel);
      throw new SandboxException(
          "The folder " + folder + " cannot be used: " + PrivateFolder.reason(failure) + ".",
          failure);
    }
  }

  private static void closeQuietly(FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException ignored) {
      // Nothing was written; there is nothing to lose.
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
