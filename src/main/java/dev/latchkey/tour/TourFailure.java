package dev.latchkey.tour;

/** A step of the tour did not do what it should; the message says what was expected. */
final class TourFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TourFailure(String message) {
    super(message);
  }

  TourFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
