package dev.latchkey.change;

import dev.latchkey.rows.Failure;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All that making changes needs, whatever they are about: whether they may be made now, and how.
 * Who has none of these reads only, by type. For the JavaFX thread.
 */
public final class Changes {
  private final ChangeRunner runner;
  private final WriteMode writeMode;
  private final Supplier<Optional<Failure>> ended;

  /**
   * @param ended why access has ended, while it has
   */
  public Changes(ChangeRunner runner, WriteMode writeMode, Supplier<Optional<Failure>> ended) {
    this.runner = runner;
    this.writeMode = writeMode;
    this.ended = ended;
  }

  /**
   * Why nothing can be changed now, in a sentence; empty when changes are possible.
   *
   * @param what is to be changed ("keys")
   */
  public Optional<String> obstacle(String what) {
    if (ended.get().isPresent()) {
      return Optional.of(
          "Your access has ended. Sign in with a new token to change %s.".formatted(what));
    }
    return writeMode.isOn()
        ? Optional.empty()
        : Optional.of("Read-only. Turn on write mode to change %s.".formatted(what));
  }

  /** Whether write mode alone stands in the way. */
  public boolean isReadOnly() {
    return ended.get().isEmpty() && !writeMode.isOn();
  }

  /** Has {@code listener} told when write mode was turned on or off. */
  public void onChange(Runnable listener) {
    writeMode.onChange(listener);
  }

  /** When write mode ends by itself. */
  public Optional<Instant> endsAt() {
    return writeMode.endsAt();
  }

  /** Shows the change, and makes it when the operator agrees. */
  public <T> void reviewAndRun(Change<T> change, Consumer<T> onDone, Consumer<Failure> onFailure) {
    runner.reviewAndRun(change, onDone, onFailure);
  }

  /** Makes a change whose exact preview a dialog of its own has just shown. */
  public <T> void run(Change<T> change, Consumer<T> onDone, Consumer<Failure> onFailure) {
    runner.run(change, onDone, onFailure);
  }
}
