package dev.latchkey.rows;

/** Carries a {@link Failure} from where it happened to the screen that shows it. */
public final class FailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public FailureException(Failure failure) {
    super(failure.code() + ": " + failure.sentence());
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }

  /** The failure behind any exception; what is not ours is {@link Unexpected}. */
  public static Failure failureOf(Throwable throwable) {
    return throwable instanceof FailureException ours
        ? ours.failure
        : new Unexpected("LK-" + throwable.getClass().getSimpleName(), "");
  }
}
