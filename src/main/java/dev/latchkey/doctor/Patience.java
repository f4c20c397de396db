package dev.latchkey.doctor;

import java.time.Duration;

/**
 * How long the doctor waits.
 *
 * @param lookUp for a name's addresses
 * @param connect for one address to take a connection
 * @param answer for a server that took it to say something
 */
public record Patience(Duration lookUp, Duration connect, Duration answer) {
  public static final Patience USUAL =
      new Patience(Duration.ofSeconds(8), Duration.ofSeconds(5), Duration.ofSeconds(5));
}
