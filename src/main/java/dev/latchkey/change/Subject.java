package dev.latchkey.change;

import java.util.UUID;

/** Whose sessions, or whose details. */
public sealed interface Subject {
  record OfGrant(UUID id) implements Subject {}

  record OfMember(UUID id) implements Subject {}

  record OfToken(UUID id) implements Subject {}

  /** One login with its session. */
  record OfLogin(String id) implements Subject {}

  /** Everything that temporary access let in. */
  record OfAll() implements Subject {}
}
