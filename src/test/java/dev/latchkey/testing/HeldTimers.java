package dev.latchkey.testing;

import dev.latchkey.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Does work as {@code tasks} do, but holds timers of {@code least} milliseconds and more until
 * {@link #elapse()} says that their time has come. For the JavaFX thread.
 */
public final class HeldTimers implements Tasks {
  private final Tasks tasks;
  private final long least;
  private final List<Runnable> held = new ArrayList<>();

  public HeldTimers(Tasks tasks, long least) {
    this.tasks = tasks;
    this.least = least;
  }

  @Override
  public <T> Job start(
      String name, Callable<T> work, Consumer<T> onSuccess, Consumer<Throwable> onFailure) {
    return tasks.start(name, work, onSuccess, onFailure);
  }

  @Override
  public Job later(long millis, Runnable action) {
    if (millis < least) {
      return tasks.later(millis, action);
    }
    held.add(action);
    return () -> held.remove(action);
  }

  /** How many timers wait. */
  public int held() {
    return held.size();
  }

  /** Lets all timers that were set up to now ring. */
  public void elapse() {
    List<Runnable> due = List.copyOf(held);
    held.clear();
    due.forEach(Runnable::run);
  }
}
