package dev.latchkey.command;

import dev.latchkey.sandbox.Progress;
import dev.latchkey.sandbox.Sandbox;
import dev.latchkey.sandbox.SandboxException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Closes the sandbox when the program ends or is interrupted, also when that happens while the
 * sandbox is still starting.
 */
final class CleanEnd {
  private static final long LONGEST_START_SECONDS = 60;

  private volatile boolean ending;
  private final CompletableFuture<Optional<Sandbox>> opened = new CompletableFuture<>();

  /** Opens the sandbox and sees to its end. Call it once. */
  Sandbox open(Supplier<Sandbox> opening) {
    // Before the server is there: an interruption while it starts must not leave it running.
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("sandbox-end").unstarted(this::end));
    try {
      Sandbox sandbox = opening.get();
      opened.complete(Optional.of(sandbox));
      return sandbox;
    } finally {
      opened.complete(Optional.empty());
    }
  }

  /** Reports to {@code progress}, and gives the start up once the program is to end. */
  Progress untilEnd(Progress progress) {
    return (step, fraction) -> {
      if (ending) {
        throw new SandboxException("Interrupted.");
      }
      progress.begins(step, fraction);
    };
  }

  private void end() {
    ending = true;
    try {
      opened.get(LONGEST_START_SECONDS, TimeUnit.SECONDS).ifPresent(Sandbox::close);
    } catch (InterruptedException | ExecutionException | TimeoutException late) {
      // The next start finds a server that was left running and takes it over.
      Thread.currentThread().interrupt();
    }
  }
}
