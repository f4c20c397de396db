package dev.latchkey.task;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Tells work under way that nobody wants its result any more. Work is never interrupted: an
 * interrupt would close the socket of a virtual thread that reads from the database. What can be
 * stopped (a statement) registers how.
 */
public final class Cancellation {
  private static final ScopedValue<Cancellation> CURRENT = ScopedValue.newInstance();

  private final List<Runnable> actions = new ArrayList<>();
  private boolean cancelled;

  /** The cancellation of the work that this thread does; one that never happens outside a job. */
  public static Cancellation current() {
    return CURRENT.isBound() ? CURRENT.get() : new Cancellation();
  }

  /** Does {@code work} so that {@link #current()} answers this cancellation inside it. */
  <T> T during(Callable<T> work) throws Exception {
    return ScopedValue.where(CURRENT, this).call(work::call);
  }

  /**
   * Has {@code action} run when the work is cancelled, at once where it already is. The answer
   * takes the action back and must be closed when there is nothing left to stop.
   */
  public Registration onCancel(Runnable action) {
    synchronized (this) {
      if (!cancelled) {
        actions.add(action);
        return () -> remove(action);
      }
    }
    action.run();
    return () -> {};
  }

  public synchronized boolean isCancelled() {
    return cancelled;
  }

  void cancel() {
    List<Runnable> toRun;
    synchronized (this) {
      cancelled = true;
      toRun = List.copyOf(actions);
      actions.clear();
    }
    toRun.forEach(Runnable::run);
  }

  private synchronized void remove(Runnable action) {
    actions.remove(action);
  }

  /** Takes an action back. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
