package dev.latchkey.sandbox;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Notices that a sandbox has ended without being asked to. */
final class SandboxWatch {
  private static final long STEP_MILLIS = 500;

  private final BooleanSupplier lives;

  private SandboxWatch(BooleanSupplier lives) {
    this.lives = lives;
  }

  /** A sandbox that another process, or another part of this one, runs. */
  static SandboxWatch ofAnother(SandboxFolder folder, long pid) {
    return new SandboxWatch(
        () ->
            SandboxState.read(folder.stateFile())
                .filter(state -> state.pid() == pid && state.joinable())
                .isPresent());
  }

  /** A sandbox of this process, whose server may be killed. */
  static SandboxWatch ofOwn(RunningSandbox sandbox) {
    return new SandboxWatch(sandbox::lives);
  }

  /** Blocks until the end; an interruption ends the watch without a word. */
  void untilEnd(Runnable onEnd) {
    try {
      while (lives.getAsBoolean()) {
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
      }
      onEnd.run();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
