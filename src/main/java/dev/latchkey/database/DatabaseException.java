package dev.latchkey.database;

/** Carries a {@link DatabaseFailure} from where it happened to the screen that shows it. */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient DatabaseFailure failure;

  public DatabaseException(DatabaseFailure failure) {
    super(failure.code() + ": " + failure.sentence());
    this.failure = failure;
  }

  public DatabaseFailure failure() {
    return failure;
  }

  /** The failure behind any exception; what is not ours is {@link DatabaseFailure.Unexpected}. */
  public static DatabaseFailure failureOf(Throwable throwable) {
    return throwable instanceof DatabaseException ours
        ? ours.failure
        : new DatabaseFailure.Unexpected("LK-" + throwable.getClass().getSimpleName(), "");
  }
}
