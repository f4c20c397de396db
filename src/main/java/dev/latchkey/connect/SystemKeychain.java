package dev.latchkey.connect;

import com.github.javakeyring.BackendNotSupportedException;
import com.github.javakeyring.Keyring;
import com.github.javakeyring.PasswordAccessException;
import dev.latchkey.token.Secret;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * The keychain of macOS, Windows, GNOME or KDE. Its library takes and gives Strings only, for as
 * long as a call takes.
 */
public final class SystemKeychain implements Keychain {
  private static final Logger LOG = System.getLogger(SystemKeychain.class.getName());
  private static final String SERVICE = "Latchkey";

  private final Keyring keyring;

  private SystemKeychain(Keyring keyring) {
    this.keyring = keyring;
  }

  /** The system's, or {@link Keychain#none} with the reason. Takes a moment: not for start-up. */
  public static Keychain open() {
    try {
      return new SystemKeychain(Keyring.create());
    } catch (BackendNotSupportedException | RuntimeException | LinkageError exception) {
      return Keychain.none("This desktop offers no keychain that Latchkey can use.");
    }
  }

  @Override
  public Optional<String> obstacle() {
    return Optional.empty();
  }

  @Override
  public Optional<Secret> find(String profile) {
    try {
      return Optional.ofNullable(keyring.getPassword(SERVICE, profile)).map(Secret::of);
    } catch (PasswordAccessException exception) {
      return Optional.empty();
    }
  }

  @Override
  public void remember(String profile, Secret token) {
    try {
      keyring.setPassword(SERVICE, profile, token.reveal());
    } catch (PasswordAccessException exception) {
      LOG.log(Level.WARNING, "The keychain did not keep the token");
    }
  }

  @Override
  public void forget(String profile) {
    try {
      keyring.deletePassword(SERVICE, profile);
    } catch (PasswordAccessException exception) {
      LOG.log(Level.DEBUG, "There was nothing to forget");
    }
  }
}
