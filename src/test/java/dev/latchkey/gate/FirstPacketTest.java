package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FirstPacketTest {
  private static final int VERSION_3_0 = 3 << 16;

  @Test
  void readsTheParametersInTheirOrder() throws Exception {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", "anna");
    parameters.put("database", "büro");
    parameters.put("options", "-c geqo=off");
    parameters.put("application_name", "");
    var startup = (FirstPacket.Startup) FirstPacket.parse(bodyOf(Messages.startup(parameters)));

    assertThat(startup.parameters()).containsExactlyEntriesOf(parameters);
    assertThat(startup.role()).isEqualTo("anna");
    assertThat(startup.needsNegotiation()).isFalse();
    assertThat(startup.wantsReplication()).isFalse();
  }

  @Test
  void keepsProtocolOptionsApart() throws Exception {
    var startup =
        (FirstPacket.Startup)
            FirstPacket.parse(body(VERSION_3_0 + 2, "user\0anna\0_pq_.shiny\0on\0\0"));
    assertThat(startup.minorVersion()).isEqualTo(2);
    assertThat(startup.protocolOptions()).containsExactly("_pq_.shiny");
    assertThat(startup.parameters()).containsOnlyKeys("user");
    assertThat(startup.needsNegotiation()).isTrue();
  }

  @Test
  void readsRequests() throws Exception {
    assertThat(FirstPacket.parse(body(FirstPacket.TLS_CODE, "")))
        .isEqualTo(new FirstPacket.TlsRequest());
    assertThat(FirstPacket.parse(body(FirstPacket.GSS_CODE, "")))
        .isEqualTo(new FirstPacket.GssRequest());
    var key = new CancelKey(4711, new byte[] {1, 2, 3, 4});
    assertThat(FirstPacket.parse(bodyOf(Messages.cancel(key))))
        .isEqualTo(new FirstPacket.Cancel(key));
  }

  @Test
  void doesNotPrintCancelSecrets() {
    assertThat(new CancelKey(4711, new byte[] {99, 98, 97, 96}).toString())
        .isEqualTo("CancelKey[pid=4711]");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("nothing", new byte[0]),
        Arguments.of("half a code", new byte[] {0, 3}),
        Arguments.of("protocol 2", body(2 << 16, "user\0anna\0\0")),
        Arguments.of("protocol 4", body(4 << 16, "user\0anna\0\0")),
        Arguments.of("unknown request", body(80877199, "")),
        Arguments.of("TLS request with more", body(FirstPacket.TLS_CODE, "x")),
        Arguments.of("GSS request with more", body(FirstPacket.GSS_CODE, "x")),
        Arguments.of("cancel without key", body(FirstPacket.CANCEL_CODE, "")),
        Arguments.of("cancel with half a key", body(FirstPacket.CANCEL_CODE, "1234567")),
        Arguments.of("cancel with too long a key", body(FirstPacket.CANCEL_CODE, "x".repeat(261))),
        Arguments.of("no parameters at all", body(VERSION_3_0, "")),
        Arguments.of("no user", body(VERSION_3_0, "database\0app\0\0")),
        Arguments.of("empty user", body(VERSION_3_0, "user\0\0\0")),
        Arguments.of("two users", body(VERSION_3_0, "user\0anna\0user\0postgres\0\0")),
        Arguments.of("two databases", body(VERSION_3_0, "user\0a\0database\0b\0database\0c\0\0")),
        Arguments.of("name without value", body(VERSION_3_0, "user\0")),
        Arguments.of("value without end", body(VERSION_3_0, "user\0anna")),
        Arguments.of("list without end", body(VERSION_3_0, "user\0anna\0")),
        Arguments.of("something behind the end", body(VERSION_3_0, "user\0anna\0\0x")),
        Arguments.of("not UTF-8", latin1(VERSION_3_0, "user\0\u00e4nna\0\0")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void refuses(String what, byte[] body) {
    assertThatThrownBy(() -> FirstPacket.parse(body)).isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void neverFailsInAnotherWay() {
    var random = new Random(20261122);
    byte[] good = bodyOf(Messages.startup(Map.of("user", "anna", "database", "app")));
    int refused = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] body = Arrays.copyOf(good, random.nextInt(good.length + 8));
      for (int flips = random.nextInt(6); flips > 0 && body.length > 0; flips--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt();
      }
      try {
        Objects.requireNonNull(FirstPacket.parse(body));
      } catch (MalformedPacketException expected) {
        // AssertJ takes longer than all the rest, 200,000 times.
        if (expected.getMessage().contains("anna")) {
          throw new AssertionError(expected);
        }
        refused++;
      }
    }
    assertThat(refused).isBetween(100_000, 199_999);
  }

  static byte[] body(int code, String rest) {
    return join(code, rest.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] latin1(int code, String rest) {
    return join(code, rest.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] join(int code, byte[] rest) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(code).array());
    bytes.writeBytes(rest);
    return bytes.toByteArray();
  }

  private static byte[] bodyOf(byte[] packet) {
    return Arrays.copyOfRange(packet, 4, packet.length);
  }
}
