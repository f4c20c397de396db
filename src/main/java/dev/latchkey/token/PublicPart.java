package dev.latchkey.token;

import java.util.Optional;
import java.util.stream.Stream;

/** What of a token or key may leave a search field. */
public final class PublicPart {
  private PublicPart() {}

  /**
   * The text without blanks around it; a token or key that was pasted whole is cut to its id, so
   * that its secret part goes nowhere.
   */
  public static String of(String text) {
    String tidy = text.strip();
    return Stream.of(TokenKind.values())
        .map(kind -> kind.ksuid(tidy))
        .flatMap(Optional::stream)
        .findFirst()
        .map(Ksuid::text)
        .orElse(tidy);
  }
}
