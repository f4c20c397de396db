package dev.latchkey.doctor;

import com.github.ksuid.Ksuid;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;

/** Tokens made by an implementation that is not the one under test. */
public final class TokenSamples {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private TokenSamples() {}

  public static String temporary(Instant issued) {
    return withPrefix("jit_", issued);
  }

  public static String withPrefix(String prefix, Instant issued) {
    String ksuid =
        Ksuid.newBuilder()
            .withTimestamp((int) (issued.getEpochSecond() - 1_400_000_000L))
            .withPayload(new byte[16])
            .build()
            .toString();
    String head = prefix + ksuid + "0123456789abcdefghijABCDEFGHIJxy";
    return head + check(head);
  }

  private static String check(String head) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(head.getBytes(StandardCharsets.UTF_8));
      BigInteger rest = new BigInteger(1, Arrays.copyOf(digest, 4));
      char[] text = new char[6];
      for (int index = 5; index >= 0; index--) {
        BigInteger[] step = rest.divideAndRemainder(BigInteger.valueOf(62));
        text[index] = ALPHABET.charAt(step[1].intValue());
        rest = step[0];
      }
      return new String(text);
    } catch (NoSuchAlgorithmException exception) {
      throw new IllegalStateException(exception);
    }
  }
}
