package dev.latchkey.token;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The last characters of a token or key of ours: the first 4 bytes of the SHA-256 of all before
 * them, as an unsigned number in base62. It finds slips of copying and proves nothing.
 */
final class Checksum {
  static final int LENGTH = 6;
  private static final int BYTES = 4;

  private Checksum() {}

  /** Whether a text of more than {@link #LENGTH} characters ends with the checksum of the rest. */
  static boolean closes(CharSequence text) {
    int end = text.length() - LENGTH;
    return CharSequence.compare(of(text.subSequence(0, end)), text.subSequence(end, text.length()))
        == 0;
  }

  private static String of(CharSequence head) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(head));
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(bytes.duplicate());
      return Base62.digits(new BigInteger(1, Arrays.copyOf(sha.digest(), BYTES)), LENGTH);
    } catch (NoSuchAlgorithmException exception) {
      throw new IllegalStateException(exception);
    } finally {
      Arrays.fill(bytes.array(), (byte) 0);
    }
  }
}
