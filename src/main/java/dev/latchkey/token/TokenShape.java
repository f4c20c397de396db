package dev.latchkey.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.doctor.Supabase;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What somebody put into the token field, told by its looks alone and at once. A checksum finds
 * slips of copying; whether a token is good only the server knows. None of the shapes keeps the
 * token.
 */
public sealed interface TokenShape {
  String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** Nothing yet. */
  record Empty() implements TokenShape {}

  /** A temporary-access token of ours with the right checksum, made at {@code issued}. */
  record Temporary(Instant issued) implements TokenShape {}

  /** One of ours, but a character is wrong. */
  record WrongChecksum() implements TokenShape {}

  /** One of ours of another length: a part is missing, or there is too much. */
  record WrongLength(int length, int expected) implements TokenShape {}

  /** A Supabase access token. */
  record Supabase() implements TokenShape {}

  /** A JSON web token; its expiry is as it says itself, and not verified. */
  record Jwt(Optional<Instant> expires) implements TokenShape {}

  /** An API key: it opens an API, not a database. */
  record ApiKey(String kind) implements TokenShape {}

  /** What no server would take as a password: control characters or no end. */
  record Unusable(String reason) implements TokenShape {}

  /** Anything else. */
  record Password() implements TokenShape {}

  /** Without the white space and line breaks that copying leaves around a token. */
  static String trimmed(String text) {
    return text.strip();
  }

  static TokenShape of(String text) {
    String token = trimmed(text);
    if (token.isEmpty()) {
      return new Empty();
    }
    if (token.length() > Looks.LONGEST) {
      return new Unusable("It is longer than any token: %,d characters.".formatted(token.length()));
    }
    if (token.chars().anyMatch(Character::isISOControl)) {
      return new Unusable("It contains a line break or another control character.");
    }
    if (token.startsWith(Looks.TEMPORARY)) {
      return Looks.temporary(token);
    }
    if (token.startsWith("sbp_")) {
      return new Supabase();
    }
    if (Looks.JWT.matcher(token).matches()) {
      return Looks.jwt(token);
    }
    return Looks.apiKey(token).<TokenShape>map(ApiKey::new).orElseGet(Password::new);
  }

  /** How the shapes are told apart. */
  final class Looks {
    private static final int LONGEST = 16_384;
    private static final String TEMPORARY = "jit_";
    private static final int KSUID = 27;
    private static final int SECRET = 32;
    private static final int CHECK = 6;
    private static final long KSUID_EPOCH = 1_400_000_000L;
    private static final Pattern BASE62 = Pattern.compile("[0-9A-Za-z]+");
    private static final Pattern JWT =
        Pattern.compile("eyJ[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]*");
    private static final JsonMapper JSON = new JsonMapper();

    private Looks() {}

    private static TokenShape temporary(String token) {
      int expected = TEMPORARY.length() + KSUID + SECRET + CHECK;
      if (token.length() != expected) {
        return new WrongLength(token.length(), expected);
      }
      return isOurs(token, TEMPORARY.length())
          ? new Temporary(issued(token.substring(TEMPORARY.length(), TEMPORARY.length() + KSUID)))
          : new WrongChecksum();
    }

    private static Optional<String> apiKey(String token) {
      if (token.startsWith("sb_secret_")) {
        return Optional.of("secret project key");
      }
      if (token.startsWith("sb_publishable_")) {
        return Optional.of("publishable project key");
      }
      boolean scoped =
          token.startsWith("sk_")
              && token.length() == 3 + KSUID + SECRET + CHECK
              && isOurs(token, 3);
      return scoped ? Optional.of("scoped API key") : Optional.empty();
    }

    /** Whether all after the prefix is base62, and the last 6 are the checksum of the rest. */
    private static boolean isOurs(String token, int prefix) {
      String head = token.substring(0, token.length() - CHECK);
      return BASE62.matcher(token.substring(prefix)).matches() && token.endsWith(checksum(head));
    }

    /** The first 4 bytes of SHA-256 as an unsigned number, in base62 padded to 6. */
    private static String checksum(String head) {
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-256").digest(head.getBytes(StandardCharsets.UTF_8));
        long number = new BigInteger(1, Arrays.copyOf(digest, 4)).longValueExact();
        StringBuilder text = new StringBuilder();
        for (int digit = 0; digit < CHECK; digit++) {
          text.insert(0, ALPHABET.charAt((int) (number % ALPHABET.length())));
          number /= ALPHABET.length();
        }
        return text.toString();
      } catch (NoSuchAlgorithmException exception) {
        throw new IllegalStateException(exception);
      }
    }

    /** The time in a KSUID: its first 4 of 20 bytes, in seconds. */
    private static Instant issued(String ksuid) {
      BigInteger number = BigInteger.ZERO;
      for (char digit : ksuid.toCharArray()) {
        number =
            number
                .multiply(BigInteger.valueOf(ALPHABET.length()))
                .add(BigInteger.valueOf(ALPHABET.indexOf(digit)));
      }
      long seconds = number.shiftRight(128).longValue() & 0xFFFF_FFFFL;
      return Instant.ofEpochSecond(KSUID_EPOCH + seconds);
    }

    private static TokenShape jwt(String token) {
      try {
        byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
        JsonNode expiry = JSON.readTree(claims).path("exp");
        return new Jwt(
            expiry.isNumber() && expiry.canConvertToLong()
                ? instant(expiry.asLong())
                : Optional.empty());
      } catch (IllegalArgumentException | IOException exception) {
        return new Password();
      }
    }

    private static Optional<Instant> instant(long seconds) {
      // Beyond the year 9999 it is no date that anybody meant.
      return seconds > 0 && seconds < 253_402_300_800L
          ? Optional.of(Instant.ofEpochSecond(seconds))
          : Optional.empty();
    }
  }
}
