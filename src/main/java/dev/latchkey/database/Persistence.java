package dev.latchkey.database;

import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tries a change again that somebody cancelled: whoever shares the operator's role, or may signal
 * any session, could put off his own end for ever by that. Only for what has no time limit of its
 * own and is cancelled by nobody here, so that it was somebody else.
 */
final class Persistence {
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int ASKED = 3;

  private final Supplier<List<String>> suspects;
  private final Consumer<Disturbance> told;

  /**
   * @param suspects asks who may cancel here; may fail
   * @param told hears of every change that was cancelled
   */
  Persistence(Supplier<List<String>> suspects, Consumer<Disturbance> told) {
    this.suspects = suspects;
    this.told = told;
  }

  <T> T make(Callable<T> change) {
    Instant deadline = Instant.now().plus(LONGEST);
    int cancelled = 0;
    Optional<List<String>> who = Optional.empty();
    while (true) {
      try {
        T made = change.call();
        if (cancelled > 0) {
          told.accept(new Disturbance(cancelled, true, who.orElseGet(this::who)));
        }
        return made;
      } catch (FailureException failure) {
        if (!(failure.failure() instanceof DatabaseFailure.Cancelled)) {
          throw failure;
        }
        cancelled++;
        if (who.isEmpty()) {
          who = Optional.of(who()).filter(found -> !found.isEmpty());
        }
        if (Instant.now().isAfter(deadline)) {
          throw new FailureException(given(cancelled, who.orElse(List.of())));
        }
      } catch (Exception unexpected) {
        throw new IllegalStateException(unexpected);
      }
    }
  }

  private static Failure given(int cancelled, List<String> who) {
    return new DatabaseFailure.CancelledBySomebody(new Disturbance(cancelled, false, who));
  }

  /** Before it is over: afterwards the one who did it may be gone. */
  private List<String> who() {
    for (int attempt = 1; attempt <= ASKED; attempt++) {
      try {
        return suspects.get();
      } catch (FailureException cancelledToo) {
        // Whoever cancels everything cancels this as well.
      }
    }
    return List.of();
  }
}
