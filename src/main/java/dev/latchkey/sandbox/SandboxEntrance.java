package dev.latchkey.sandbox;

import dev.latchkey.sandbox.server.FolderLock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Decides who runs the sandbox in a folder: whoever gets the lock; everyone else waits until that
 * one is ready and joins.
 */
final class SandboxEntrance {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long STEP_MILLIS = 100;

  private final SandboxFolder folder;
  private final Progress progress;
  private Optional<SandboxState> state = Optional.empty();

  SandboxEntrance(SandboxFolder folder, Progress progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /** The lock, or empty once the one who holds it is ready. */
  Optional<FolderLock> lockOrAwait() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean told = false;
    while (System.nanoTime() < end) {
      Optional<FolderLock> lock = folder.tryLock();
      if (lock.isPresent()) {
        return lock;
      }
      state = SandboxState.read(folder.stateFile()).filter(SandboxState::joinable);
      if (state.isPresent()) {
        return Optional.empty();
      }
      if (!told) {
        progress.begins("Waiting for the Latchkey that is starting the sandbox", 0);
        told = true;
      }
      pause();
    }
    throw new SandboxException(
        "Another Latchkey holds the sandbox in " + folder.path() + " and does not become ready.");
  }

  /** Whom to join, after {@link #lockOrAwait} gave no lock. */
  SandboxState runningState() {
    return state.orElseThrow();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new SandboxException("Interrupted while waiting for the sandbox.", interrupted);
    }
  }
}
