package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageBoundaryTest {
  @Test
  void isReachedBeforeTheFirstByte() {
    assertThat(new MessageBoundary().reached()).isTrue();
  }

  @Test
  void isReachedExactlyBetweenMessagesHoweverTheBytesAreCut() throws Exception {
    var random = new Random(7);
    var stream = new ByteArrayOutputStream();
    Set<Integer> boundaries = new HashSet<>();
    boundaries.add(0);
    for (int message = 0; message < 200; message++) {
      byte[] body = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(700)];
      random.nextBytes(body);
      stream.writeBytes(RawClient.typed('D', body));
      boundaries.add(stream.size());
    }

    byte[] bytes = stream.toByteArray();
    var boundary = new MessageBoundary();
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, random.nextInt(20));
      boundary.pass(ByteBuffer.wrap(bytes, at, count));
      at += count;
      assertThat(boundary.reached()).as("at byte " + at).isEqualTo(boundaries.contains(at));
    }
    assertThat(boundary.reached()).isTrue();
  }

  @Test
  void knowsWhereTheNewestMessageBegins() throws Exception {
    byte[] bytes = RawClient.typed('D', new byte[7]);
    var boundary = new MessageBoundary();
    boundary.pass(ByteBuffer.wrap(bytes, 0, bytes.length));
    assertThat(boundary.lastStart()).isZero();
    byte[] two = Arrays.copyOf(bytes, 2 * bytes.length);
    System.arraycopy(bytes, 0, two, bytes.length, bytes.length);
    boundary.pass(ByteBuffer.wrap(two, 0, two.length));
    assertThat(boundary.lastStart()).isEqualTo(bytes.length);
    boundary.pass(ByteBuffer.wrap(two, 0, 3));
    assertThat(boundary.lastStart()).isZero();
    boundary.pass(ByteBuffer.wrap(two, 3, bytes.length - 3));
    assertThat(boundary.lastStart()).isEqualTo(-1);
  }

  @Test
  void survivesLengthsThatNoServerSends() {
    var boundary = new MessageBoundary();
    byte[] negative = {'D', -1, -1, -1, -1, 0};
    boundary.pass(ByteBuffer.wrap(negative, 0, negative.length));
    assertThat(boundary.reached()).isFalse();
  }
}
