package dev.latchkey.change;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whether changes may be made now. On production it is off at first, is turned on for a limited
 * time, and ends by itself; elsewhere it is on until turned off.
 */
public final class WriteMode {
  private final Clock clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Optional<Instant> until;

  private WriteMode(Clock clock, Optional<Instant> until) {
    this.clock = clock;
    this.until = until;
  }

  /** As a session in {@code environment} begins. */
  public static WriteMode in(Environment environment, Clock clock) {
    return new WriteMode(
        clock, environment.isGuarded() ? Optional.empty() : Optional.of(Instant.MAX));
  }

  public boolean isOn() {
    return until.filter(clock.instant()::isBefore).isPresent();
  }

  /** When it ends by itself; empty when it is off or has no end. */
  public Optional<Instant> endsAt() {
    return until.filter(_ -> isOn()).filter(Instant.MAX::isAfter);
  }

  public void turnOn(Duration duration) {
    set(Optional.of(clock.instant().plus(duration)));
  }

  public void turnOnWithoutEnd() {
    set(Optional.of(Instant.MAX));
  }

  public void turnOff() {
    set(Optional.empty());
  }

  /** Has {@code listener} told when it was turned on or off; not when its time ran out. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  private void set(Optional<Instant> end) {
    until = end;
    listeners.forEach(Runnable::run);
  }
}
