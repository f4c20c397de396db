package dev.latchkey.task;

import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Keeps one job under way: starting the next cancels the one before, so that a slow answer to an
 * old question never overwrites the answer to a newer one. For use on the JavaFX thread only.
 */
public final class Latest {
  private final Tasks tasks;
  private Tasks.Job job = () -> {};

  public Latest(Tasks tasks) {
    this.tasks = tasks;
  }

  /** As {@link Tasks#start}, dropping what was started here before. */
  public <T> void start(
      String name, Callable<T> work, Consumer<T> onSuccess, Consumer<Throwable> onFailure) {
    cancel();
    job = tasks.start(name, work, onSuccess, onFailure);
  }

  /** Calls {@code action} after {@code millis} milliseconds unless something newer comes first. */
  public void later(long millis, Runnable action) {
    cancel();
    job = tasks.later(millis, action);
  }

  public void cancel() {
    job.cancel();
  }
}
