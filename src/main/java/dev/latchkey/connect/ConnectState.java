package dev.latchkey.connect;

import dev.latchkey.rows.Failure;

/** What the Connect screen is doing. */
public sealed interface ConnectState {
  /** Waiting for the operator. */
  record Ready() implements ConnectState {}

  /**
   * @param done from 0 to 1; negative when nobody can tell
   */
  record Working(String step, double done) implements ConnectState {}

  record Failed(Failure failure) implements ConnectState {}

  /** The sandbox did not start; {@code sentence} says why and what to do. */
  record SandboxFailed(String sentence) implements ConnectState {}

  record SchemaWanted(SchemaOffer offer) implements ConnectState {}
}
