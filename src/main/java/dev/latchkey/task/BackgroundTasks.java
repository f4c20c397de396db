package dev.latchkey.task;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Every job on a virtual thread of its own; answers through an executor, the JavaFX thread. */
public final class BackgroundTasks implements Tasks {
  private static final Logger LOG = System.getLogger(BackgroundTasks.class.getName());

  private final Executor answers;

  /**
   * @param answers where answers are given: {@link FxThread} on the desktop
   */
  public BackgroundTasks(Executor answers) {
    this.answers = answers;
  }

  @Override
  public <T> Job start(
      String name, Callable<T> work, Consumer<T> onSuccess, Consumer<Throwable> onFailure) {
    Cancellation cancellation = new Cancellation();
    Thread.ofVirtual().name(name).start(() -> run(cancellation, work, onSuccess, onFailure));
    return cancellation::cancel;
  }

  @Override
  public Job later(long millis, Runnable action) {
    return start("Waiting", () -> sleep(millis), _ -> action.run(), this::report);
  }

  private <T> void run(
      Cancellation cancellation,
      Callable<T> work,
      Consumer<T> onSuccess,
      Consumer<Throwable> onFailure) {
    try {
      T result = cancellation.during(work);
      answer(cancellation, () -> onSuccess.accept(result));
    } catch (Exception | Error failure) {
      answer(cancellation, () -> onFailure.accept(failure));
    }
  }

  private void answer(Cancellation cancellation, Runnable action) {
    answers.execute(
        () -> {
          if (!cancellation.isCancelled()) {
            action.run();
          }
        });
  }

  private static Duration sleep(long millis) throws InterruptedException {
    Duration pause = Duration.ofMillis(millis);
    Thread.sleep(pause);
    return pause;
  }

  private void report(Throwable failure) {
    LOG.log(Level.WARNING, "A timer ended early", failure);
  }
}
