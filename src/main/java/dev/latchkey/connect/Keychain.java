package dev.latchkey.connect;

import dev.latchkey.token.Secret;
import java.util.Optional;

/** Where a token may be kept between starts, if the operator asks for it. Blocks. */
public interface Keychain {
  /** Why it cannot be used on this desktop; empty when it can. */
  Optional<String> obstacle();

  /** The token under the profile's id; the caller closes it. */
  Optional<Secret> find(String profile);

  /** Keeps the token under the profile's id. */
  void remember(String profile, Secret token);

  void forget(String profile);

  /** For where there is none. */
  static Keychain none(String obstacle) {
    return new Keychain() {
      @Override
      public Optional<String> obstacle() {
        return Optional.of(obstacle);
      }

      @Override
      public Optional<Secret> find(String profile) {
        return Optional.empty();
      }

      @Override
      public void remember(String profile, Secret token) {}

      @Override
      public void forget(String profile) {}
    };
  }
}
