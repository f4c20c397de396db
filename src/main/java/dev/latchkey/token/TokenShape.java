package dev.latchkey.token;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What somebody put into the token field, told by its looks alone and at once. A checksum finds
 * slips of copying; whether a token is good only the server knows. None of the shapes keeps the
 * token.
 */
public sealed interface TokenShape {
  /** The longest that is looked at at all, in characters. */
  int LONGEST = 16_384;

  /** Nothing yet. */
  record Empty() implements TokenShape {}

  /** A temporary-access token of ours with the right checksum. */
  record Temporary(Ksuid id) implements TokenShape {}

  /** One of ours, but a character is wrong. */
  record WrongChecksum() implements TokenShape {}

  /** One of ours of another length: a part is missing, or there is too much. */
  record WrongLength(int length, int expected) implements TokenShape {}

  /** A Supabase access token of so many characters. */
  record Supabase(int length) implements TokenShape {
    /** The prefix and 40 hexadecimal digits; there are longer ones. */
    public static final int SHORTEST = 44;

    public boolean isCutOff() {
      return length < SHORTEST;
    }
  }

  /** A JSON web token; its expiry is as it says itself, and not verified. */
  record Jwt(Optional<Instant> expires) implements TokenShape {}

  /** An API key: it opens an API, not a database. */
  record ApiKey(TokenKind kind) implements TokenShape {}

  /** What no server would take as a password: control characters or no end. */
  record Unusable(String reason) implements TokenShape {}

  /** Anything else. */
  record Password() implements TokenShape {}

  /** The shape of a secret, whatever blanks are around it. */
  static TokenShape of(Secret secret) {
    CharSequence token = Blanks.trimmed(secret.characters());
    if (token.isEmpty()) {
      return new Empty();
    }
    if (token.length() > LONGEST) {
      return new Unusable("It is longer than any token: %,d characters.".formatted(token.length()));
    }
    if (token.chars().anyMatch(Character::isISOControl)) {
      return new Unusable("It contains a line break or another control character.");
    }
    return TokenKind.of(token)
        .flatMap(kind -> ofKind(kind, token))
        .or(() -> JsonWebToken.read(token))
        .orElseGet(Password::new);
  }

  /**
   * Where white space broke a token while it was copied, counted from 0 without the blanks around
   * it; empty also for what begins like no token, because a password may have blanks in it.
   */
  static OptionalInt blankInside(Secret secret) {
    CharSequence token = Blanks.trimmed(secret.characters());
    boolean begins =
        TokenKind.TEMPORARY.begins(token)
            || TokenKind.SUPABASE.begins(token)
            || JsonWebToken.begins(token);
    return begins ? Blanks.first(token) : OptionalInt.empty();
  }

  /** Empty for what only begins like a key: it may be a password. */
  private static Optional<TokenShape> ofKind(TokenKind kind, CharSequence token) {
    return switch (kind) {
      case TEMPORARY -> Optional.of(temporary(token));
      case SUPABASE -> Optional.of(new Supabase(token.length()));
      case SECRET_KEY, PUBLISHABLE_KEY -> Optional.of(new ApiKey(kind));
      case SCOPED_KEY -> kind.fits(token) ? Optional.of(new ApiKey(kind)) : Optional.empty();
    };
  }

  private static TokenShape temporary(CharSequence token) {
    TokenKind kind = TokenKind.TEMPORARY;
    if (token.length() != kind.length()) {
      return new WrongLength(token.length(), kind.length());
    }
    return kind.fits(token)
        ? kind.ksuid(token).<TokenShape>map(Temporary::new).orElseGet(WrongChecksum::new)
        : new WrongChecksum();
  }
}
