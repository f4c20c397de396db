package dev.latchkey.gate;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Decides who comes in, and knows whose access has ended. */
interface Doorkeeper extends AutoCloseable {

  /** The doorkeeper cannot be asked: nobody comes in. */
  final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Decides a sign-in; the attempt is recorded in any case.
   *
   * @param token the password as it came, wiped by its owner afterwards
   * @return the login's id, or empty when refused; never why
   */
  Optional<String> authorize(String role, byte[] token, InetAddress client)
      throws UnavailableException;

  /**
   * Ties a login to the server process it got.
   *
   * @return false when the access has ended meanwhile
   */
  boolean attach(String login, int backendPid) throws UnavailableException;

  /** Seconds until the login's access ends, as far as it is known; empty without an end. */
  OptionalDouble secondsLeft(String login) throws UnavailableException;

  /** Those of the logins whose access has ended. */
  Set<String> ended(Collection<String> logins) throws UnavailableException;

  /** Ends the server processes of all access that has ended. */
  void enforce() throws UnavailableException;

  /**
   * The session is over.
   *
   * @return whether because its access has ended; otherwise the client went away
   */
  boolean closed(String login) throws UnavailableException;

  /** The gate closes: ends the login's server process too. */
  void gateClosed(String login) throws UnavailableException;

  /** Waits until told that some access has ended, at most that long. */
  void awaitNews(int millis) throws UnavailableException;

  @Override
  void close();
}
