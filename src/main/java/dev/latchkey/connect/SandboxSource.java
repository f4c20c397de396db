package dev.latchkey.connect;

import dev.latchkey.database.Endpoint;
import dev.latchkey.token.Secret;
import java.util.function.BiConsumer;

/** Starts the sandbox and lets the operator in. */
@FunctionalInterface
public interface SandboxSource {
  /**
   * Starts it where it does not run yet. Blocks for seconds.
   *
   * @param progress is told each step and how much of the whole is done, from 0 to 1
   */
  Entrance open(BiConsumer<String, Double> progress);

  /** Where the sandbox is, and a fresh token for it, which the caller closes. */
  record Entrance(Endpoint endpoint, Secret token) {}
}
