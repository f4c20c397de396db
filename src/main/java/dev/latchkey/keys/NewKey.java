package dev.latchkey.keys;

import dev.latchkey.scopes.Scopes;
import java.time.Instant;
import java.util.Optional;

/** A key that is about to be made. Scoped keys cannot be given a description while being made. */
public sealed interface NewKey {
  String name();

  Optional<Instant> expiresAt();

  KeyKind kind();

  /** For an account, with scopes. */
  record Scoped(Account account, String name, Scopes scopes, Optional<Instant> expiresAt)
      implements NewKey {
    @Override
    public KeyKind kind() {
      return KeyKind.SCOPED;
    }
  }

  /**
   * For the project.
   *
   * @param role whom a secret key acts as; empty for the kind's usual role
   */
  record Project(
      KeyKind kind,
      String name,
      Optional<String> role,
      Optional<String> description,
      Optional<Instant> expiresAt)
      implements NewKey {}
}
