package dev.latchkey.task;

import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * How view models do what takes time. The desktop uses {@link BackgroundTasks}; tests use one that
 * does everything on the calling thread, so that they need no waiting.
 */
public interface Tasks {
  /**
   * Starts {@code work} away from the JavaFX thread. Exactly one of the two answers is then called,
   * on the JavaFX thread, unless the job was cancelled first.
   *
   * @param name what is being done, for the status bar and thread dumps ("Loading keys")
   */
  <T> Job start(
      String name, Callable<T> work, Consumer<T> onSuccess, Consumer<Throwable> onFailure);

  /** Calls {@code action} on the JavaFX thread after {@code millis} milliseconds. */
  Job later(long millis, Runnable action);

  /** Work under way. */
  interface Job {
    /** Stops the work where it can be stopped and drops its answer. Harmless when it has ended. */
    void cancel();
  }
}
