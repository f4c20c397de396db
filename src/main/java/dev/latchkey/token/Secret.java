package dev.latchkey.token;

import java.util.Arrays;

/**
 * A token or password on its way to the server. It prints as dots, so that no log, message or
 * exception can show it by accident, and is wiped when it has done its work.
 */
public final class Secret implements AutoCloseable {
  private final char[] characters;

  private Secret(char[] characters) {
    this.characters = characters;
  }

  public static Secret of(String text) {
    return new Secret(text.toCharArray());
  }

  public boolean isEmpty() {
    return characters.length == 0;
  }

  /** The secret in clear, for the one call that needs it. */
  public String reveal() {
    return new String(characters);
  }

  /** Overwrites the characters; the secret reveals only zeros afterwards. */
  @Override
  public void close() {
    Arrays.fill(characters, '\0');
  }

  @Override
  public String toString() {
    return "••••";
  }
}
