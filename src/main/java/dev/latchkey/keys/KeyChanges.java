package dev.latchkey.keys;

import dev.latchkey.database.Change;
import dev.latchkey.database.ChangeRunner;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.WriteMode;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All that changing keys needs. Who has none of these reads only, by type: an auditor offline, for
 * one.
 */
public final class KeyChanges {
  private final KeyCalls calls;
  private final ChangeRunner runner;
  private final WriteMode writeMode;
  private final Supplier<Optional<DatabaseFailure>> ended;

  /**
   * @param ended why access has ended, while it has
   */
  public KeyChanges(
      KeyCalls calls,
      ChangeRunner runner,
      WriteMode writeMode,
      Supplier<Optional<DatabaseFailure>> ended) {
    this.calls = calls;
    this.runner = runner;
    this.writeMode = writeMode;
    this.ended = ended;
  }

  public KeyCalls calls() {
    return calls;
  }

  /** Why nothing can be changed now, in a sentence; empty when changes are possible. */
  public Optional<String> obstacle() {
    if (ended.get().isPresent()) {
      return Optional.of("Your access has ended. Sign in with a new token to change keys.");
    }
    return writeMode.isOn()
        ? Optional.empty()
        : Optional.of("Read-only. Turn on write mode to change keys.");
  }

  /** Whether write mode alone stands in the way. */
  boolean isReadOnly() {
    return ended.get().isEmpty() && !writeMode.isOn();
  }

  void onChange(Runnable listener) {
    writeMode.onChange(listener);
  }

  /** When write mode ends by itself. */
  Optional<Instant> endsAt() {
    return writeMode.endsAt();
  }

  <T> void reviewAndRun(Change<T> change, Consumer<T> onDone, Consumer<DatabaseFailure> onFailure) {
    runner.reviewAndRun(change, onDone, onFailure);
  }

  <T> void run(Change<T> change, Consumer<T> onDone, Consumer<DatabaseFailure> onFailure) {
    runner.run(change, onDone, onFailure);
  }
}
