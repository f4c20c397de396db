package dev.latchkey.token;

import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * A token, key or password, held as characters that can be wiped. It prints as dots, so that no
 * log, message or exception can show it by accident.
 *
 * <p>Whoever makes one closes it. Whoever is handed one as an argument has it for the time of the
 * call only, and keeps a {@link #copy()} of its own where it needs it for longer. What is found in
 * a record belongs to whoever was given the record.
 */
public final class Secret implements AutoCloseable {
  static final String DOTS = "••••";

  /** Shorter ones stand in too many texts by chance. */
  private static final int SHORTEST_HIDDEN = 6;

  private final char[] characters;

  private Secret(char[] characters) {
    this.characters = characters;
  }

  /** Nothing at all. */
  public static Secret none() {
    return new Secret(new char[0]);
  }

  public static Secret of(CharSequence text) {
    char[] characters = new char[text.length()];
    for (int index = 0; index < characters.length; index++) {
      characters[index] = text.charAt(index);
    }
    return new Secret(characters);
  }

  /** Takes the array over: closing the secret wipes it. */
  public static Secret of(char[] characters) {
    return new Secret(characters);
  }

  public boolean isEmpty() {
    return characters.length == 0;
  }

  public Secret copy() {
    return new Secret(characters.clone());
  }

  /** A copy without the white space and line breaks that copying leaves around a token. */
  public Secret trimmed() {
    return of(Blanks.trimmed(characters()));
  }

  /** A copy without any white space. */
  public Secret withoutBlanks() {
    char[] kept = new char[characters.length];
    int length = 0;
    for (char character : characters) {
      if (!Character.isWhitespace(character)) {
        kept[length++] = character;
      }
    }
    Secret without = of(CharBuffer.wrap(kept, 0, length));
    Arrays.fill(kept, '\0');
    return without;
  }

  /** Whether both have the same characters. */
  public boolean sameAs(Secret other) {
    return Arrays.equals(characters, other.characters);
  }

  /** A job with a copy of its own, which is wiped when the job is done. */
  public <T> Callable<T> lentTo(Function<Secret, T> work) {
    Secret copy = copy();
    return () -> {
      try (copy) {
        return work.apply(copy);
      }
    };
  }

  /** The text with dots in place of this secret, unless it is shorter than 6 characters. */
  public String hiddenIn(String text) {
    CharSequence wanted = Blanks.trimmed(characters());
    if (wanted.length() < SHORTEST_HIDDEN) {
      return text;
    }
    StringBuilder clean = new StringBuilder();
    int index = 0;
    while (index < text.length()) {
      if (stands(wanted, text, index)) {
        clean.append(DOTS);
        index += wanted.length();
      } else {
        clean.append(text.charAt(index++));
      }
    }
    return clean.toString();
  }

  private static boolean stands(CharSequence wanted, String text, int begin) {
    if (text.length() - begin < wanted.length()) {
      return false;
    }
    for (int index = 0; index < wanted.length(); index++) {
      if (text.charAt(begin + index) != wanted.charAt(index)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The secret in clear, as a String that nobody can wipe: for what takes nothing else. Who may
   * call this is in {@code HouseRulesTest}.
   */
  public String reveal() {
    return new String(characters);
  }

  /** To be looked at in this room only; not a copy. */
  CharSequence characters() {
    return CharBuffer.wrap(characters);
  }

  /** Overwrites the characters; the secret reveals only zeros afterwards. */
  @Override
  public void close() {
    Arrays.fill(characters, '\0');
  }

  @Override
  public String toString() {
    return DOTS;
  }
}
