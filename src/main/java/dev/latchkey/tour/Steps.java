package dev.latchkey.tour;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** Tells each step of the tour and whether it worked; the first that does not ends the tour. */
final class Steps {
  private final PrintWriter out;
  private int done;
  private boolean failed;

  Steps(PrintWriter out) {
    this.out = out;
  }

  /** Does {@code action} and tells it. */
  void step(String what, Runnable action) {
    get(
        what,
        () -> {
          action.run();
          return true;
        });
  }

  /** Does {@code action}, tells it, and answers what it answers. */
  <T> T get(String what, Callable<T> action) {
    try {
      T result = action.call();
      done++;
      out.println("ok     " + what);
      out.flush();
      return result;
    } catch (Exception exception) {
      failed = true;
      out.println("FAILED " + what);
      out.println("       " + exception.getMessage());
      out.flush();
      throw exception instanceof TourFailure failure
          ? failure
          : new TourFailure(String.valueOf(exception.getMessage()), exception);
    }
  }

  /** Has the tour fail unless {@code condition} holds. */
  static void expect(boolean condition, String expected) {
    if (!condition) {
      throw new TourFailure("expected that " + expected);
    }
  }

  void told(String text) {
    out.println("       " + text);
    out.flush();
  }

  /** Tells the end; true when all steps worked. */
  boolean finish() {
    out.println(
        failed
            ? "The tour failed after %d steps.".formatted(done)
            : "%d steps, all well.".formatted(done));
    out.flush();
    return !failed;
  }
}
