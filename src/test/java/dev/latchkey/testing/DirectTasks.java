package dev.latchkey.testing;

import dev.latchkey.task.Tasks;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Does everything on the calling thread, so that a view model's test needs no waiting. Timers wait
 * until {@link #elapse()} says that their time has come.
 */
public final class DirectTasks implements Tasks {
  private final Deque<Runnable> timers = new ArrayDeque<>();

  @Override
  public <T> Job start(
      String name, Callable<T> work, Consumer<T> onSuccess, Consumer<Throwable> onFailure) {
    T result;
    try {
      result = work.call();
    } catch (Exception failure) {
      onFailure.accept(failure);
      return () -> {};
    }
    onSuccess.accept(result);
    return () -> {};
  }

  @Override
  public Job later(long millis, Runnable action) {
    timers.add(action);
    return () -> timers.remove(action);
  }

  /** Lets all timers that were set up to now ring. */
  public void elapse() {
    for (int left = timers.size(); left > 0; left--) {
      timers.remove().run();
    }
  }
}
