package dev.latchkey.token;

import java.math.BigInteger;
import java.util.stream.IntStream;

/** Numbers in base62, most significant digit first, as KSUIDs and our checksums have them. */
final class Base62 {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

  private Base62() {}

  static boolean isAllDigits(CharSequence text) {
    return IntStream.range(0, text.length()).allMatch(at -> DIGITS.indexOf(text.charAt(at)) >= 0);
  }

  /**
   * @param digits nothing but digits
   */
  static BigInteger number(CharSequence digits) {
    BigInteger number = BigInteger.ZERO;
    for (int index = 0; index < digits.length(); index++) {
      number = number.multiply(BASE).add(BigInteger.valueOf(DIGITS.indexOf(digits.charAt(index))));
    }
    return number;
  }

  /** The last {@code length} digits of a number, with zeros in front where it has fewer. */
  static String digits(BigInteger number, int length) {
    StringBuilder text = new StringBuilder();
    BigInteger rest = number;
    for (int digit = 0; digit < length; digit++) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      text.append(DIGITS.charAt(parts[1].intValue()));
      rest = parts[0];
    }
    return text.reverse().toString();
  }
}
