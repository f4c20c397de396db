package dev.latchkey.token;

import java.util.EnumSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tokens and keys that stand in a text where nobody meant them to: a server may repeat what it was
 * sent, and people paste tokens into the wrong field.
 */
public final class TokenTraces {
  private static final Pattern SECRETS =
      Pattern.compile("(?:" + prefixes() + ")[0-9A-Za-z_-]{16,}|" + JsonWebToken.TRACE);

  private TokenTraces() {}

  /** The text with dots in place of everything that looks like a secret. */
  public static String hiddenIn(String text) {
    return SECRETS.matcher(text).replaceAll(Secret.DOTS);
  }

  /** A publishable key is no secret. */
  private static String prefixes() {
    return EnumSet.complementOf(EnumSet.of(TokenKind.PUBLISHABLE_KEY)).stream()
        .map(TokenKind::prefix)
        .collect(Collectors.joining("|"));
  }
}
