package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GateProtocolTest {
  private static final int VERSION_3_0 = 3 << 16;

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  static Stream<Arguments> malformed() throws Exception {
    byte[] startup = Messages.startup(Map.of("user", Doorway.ROLE));
    byte[] tls = packet(FirstPacket.TLS_CODE, "");
    return Stream.of(
        Arguments.of("a length of nothing", new byte[] {0, 0, 0, 0}),
        Arguments.of("a length of less than a packet", new byte[] {0, 0, 0, 7, 1, 2, 3}),
        Arguments.of("a negative length", new byte[] {-1, -1, -1, -1, 0, 3, 0, 0}),
        Arguments.of("a length over 10,000", ByteBuffer.allocate(8).putInt(10_001).array()),
        Arguments.of(
            "an HTTP request", "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
        Arguments.of("a TLS hello at once", new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3}),
        Arguments.of("protocol 2", packet(2 << 16, "user\0anna\0\0")),
        Arguments.of("no user", packet(VERSION_3_0, "database\0app\0\0")),
        Arguments.of("two users", packet(VERSION_3_0, "user\0a\0user\0b\0\0")),
        Arguments.of("requests without end", join(tls, tls, tls, tls)),
        Arguments.of("a query for a password", join(startup, RawClient.typed('Q', new byte[5]))),
        Arguments.of(
            "a password without end", join(startup, RawClient.typed('p', new byte[] {65}))),
        Arguments.of("a password without text", join(startup, new byte[] {'p', 0, 0, 0, 4})),
        Arguments.of(
            "a password of a negative length", join(startup, new byte[] {'p', -1, -1, -1, -1})),
        Arguments.of(
            "a password over 64 KiB",
            join(startup, new byte[] {'p', 0, 1, 0, 6}, new byte[70_000])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformedInputClosesItsConnectionAndNothingElse(String what, byte[] bytes) throws Exception {
    Doorway.Access access = door.access();
    try (Connection session = door.connect(access);
        var stranger = new RawClient(door.port())) {
      stranger.send(bytes);
      int answers = 0;
      while (stranger.nextByte() >= 0) {
        answers++;
      }
      assertThat(answers).as("bytes of questions, no error").isLessThan(20);
      assertThat(Sql.on(session).text("select 'untouched'")).isEqualTo("untouched");
    }
  }

  @Test
  void noiseHarmsNobody() throws Exception {
    var random = new Random(4242);
    byte[] good = Messages.startup(Map.of("user", Doorway.ROLE, "database", door.databaseName()));
    Doorway.Access access = door.access();
    try (Connection session = door.connect(access)) {
      for (int round = 0; round < 300; round++) {
        byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 40));
        for (int flips = random.nextInt(5); flips > 0 && bytes.length > 0; flips--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try (var stranger = new RawClient(door.port())) {
          stranger.send(bytes);
        }
      }
      assertThat(Sql.on(session).text("select 'untouched'")).isEqualTo("untouched");
      door.connect(access).close();
    }
  }

  @Test
  void answersThatItHasNoTlsAndNoGssapi() throws Exception {
    Doorway.Access access = door.access();
    try (var client = new RawClient(door.port())) {
      assertThat(client.send(packet(FirstPacket.GSS_CODE, "")).nextByte()).isEqualTo('N');
      assertThat(client.send(packet(FirstPacket.TLS_CODE, "")).nextByte()).isEqualTo('N');
      client.send(Messages.startup(parameters()));
      assertThat(client.next().type()).isEqualTo('R');
      client.password(access.token().getBytes(StandardCharsets.UTF_8));
      assertThat(client.next('Z').type()).isEqualTo('Z');
    }
  }

  @Test
  void negotiatesNewerProtocolsDownToVersion30() throws Exception {
    Doorway.Access access = door.access();
    String rest =
        "user\0%s\0database\0%s\0_pq_.shiny\0on\0\0".formatted(Doorway.ROLE, door.databaseName());
    try (var client = new RawClient(door.port())) {
      client.send(packet(VERSION_3_0 + 2, rest));
      RawClient.Message answer = client.next();
      assertThat(answer.type()).isEqualTo('v');
      ByteBuffer body = ByteBuffer.wrap(answer.body());
      assertThat(body.getInt()).isEqualTo(VERSION_3_0);
      assertThat(body.getInt()).isEqualTo(1);
      assertThat(answer.text()).endsWith("_pq_.shiny\0");

      assertThat(client.next().type()).isEqualTo('R');
      client.password(access.token().getBytes(StandardCharsets.UTF_8));
      assertThat(client.next('K').body()).hasSize(8);
      assertThat(client.next('Z').type()).isEqualTo('Z');
    }
  }

  @Test
  void passesStartUpParametersOn() throws Exception {
    Doorway.Access access = door.access();
    Map<String, String> parameters =
        Map.of(
            "user",
            Doorway.ROLE,
            "database",
            door.databaseName(),
            "search_path",
            "büro",
            "options",
            "-c statement_timeout=4321");
    try (var client = new RawClient(door.port())) {
      client.send(Messages.startup(parameters)).next();
      client.password(access.token().getBytes(StandardCharsets.UTF_8));
      client.next('Z');
      client.query("select current_setting('search_path') || current_setting('statement_timeout')");
      assertThat(client.next('D').text()).endsWith("büro4321ms");
    }
  }

  @Test
  void theServersOwnRefusalReachesTheClient() throws Exception {
    Doorway.Access access = door.access();
    Map<String, String> parameters = Map.of("user", Doorway.ROLE, "database", "no_such_database");
    try (var client = new RawClient(door.port())) {
      client.send(Messages.startup(parameters)).next();
      client.password(access.token().getBytes(StandardCharsets.UTF_8));
      assertThat(client.next('E').text()).contains("3D000");
      assertThat(client.next().isEnd()).isTrue();
    }
  }

  @Test
  void twoHundredSilentConnectionsKeepNobodyOut() throws Exception {
    Doorway.Access access = door.access();
    byte[] half = Arrays.copyOf(Messages.startup(parameters()), 9);
    List<Socket> silent = new ArrayList<>();
    try (Connection session = door.connect(access)) {
      for (int number = 0; number < 200; number++) {
        Socket socket = door.dial();
        silent.add(socket);
        if (number % 2 == 0) {
          socket.getOutputStream().write(half);
        }
      }
      try (Connection another = door.connect(access)) {
        assertThat(Sql.on(another).text("select 'in'")).isEqualTo("in");
      }
      assertThat(Sql.on(session).text("select 'untouched'")).isEqualTo("untouched");
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void closesAConnectionThatDoesNotGetOnInTime() throws Exception {
    var hasty =
        new GateLimits(
            10, 10, Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(10));
    try (Gate gate = door.open(hasty);
        var slow = new RawClient(gate.address().getPort())) {
      slow.send(Messages.startup(parameters()));
      assertThat(slow.next().type()).isEqualTo('R');
      assertThat(slow.next().isEnd()).isTrue();
    }
  }

  @Test
  void keepsToItsNumberOfSessions() throws Exception {
    var small =
        new GateLimits(
            10, 1, Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(10));
    Doorway.Access access = door.access();
    try (Gate gate = door.open(small);
        Connection first = door.connect(gate.address().getPort(), Doorway.ROLE, access.token())) {
      RawClient.Message answer =
          RawClient.signIn(gate.address().getPort(), parameters(), access.token());
      assertThat(answer.text()).contains("53300");
      assertThat(first.isValid(10)).isTrue();
    }
  }

  @Test
  void keepsToItAlsoWhenAllSignInAtOnce() throws Exception {
    var small =
        new GateLimits(
            100, 2, Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(10));
    Doorway.Access access = door.access();
    List<RawClient> clients = new ArrayList<>();
    try (Gate gate = door.open(small);
        var others = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<RawClient.Message>> answers = new ArrayList<>();
      for (int n = 0; n < 20; n++) {
        var client = new RawClient(gate.address().getPort());
        clients.add(client);
        client.send(Messages.startup(parameters()));
        assertThat(client.next().type()).isEqualTo('R');
      }
      for (RawClient client : clients) {
        answers.add(
            others.submit(
                () -> {
                  client.password(access.token().getBytes(StandardCharsets.UTF_8));
                  RawClient.Message answer = client.next();
                  while (answer.type() != 'E' && answer.type() != 'Z' && !answer.isEnd()) {
                    answer = client.next();
                  }
                  return answer;
                }));
      }
      int in = 0;
      for (Future<RawClient.Message> each : answers) {
        RawClient.Message answer = each.get();
        if (answer.type() == 'Z') {
          in++;
        } else {
          assertThat(answer.text()).contains("53300");
        }
      }
      assertThat(in).isEqualTo(2);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void forwardsNoCancelRequestForASessionThatIsNotItsOwn() throws Exception {
    try (var backend = new Backend(database.socket())) {
      backend.connect();
      var welcome = (Backend.Greeting.Welcome) backend.start(parameters());
      byte[] query =
          RawClient.typed('Q', "select pg_sleep(600)\0".getBytes(StandardCharsets.UTF_8));
      backend.write(ByteBuffer.wrap(query));
      String active =
          "select state = 'active' from pg_stat_activity where pid = " + welcome.key().pid();
      door.awaitTrue(active);

      try (var stranger = new RawClient(door.port())) {
        stranger.send(Messages.cancel(welcome.key()));
        assertThat(stranger.nextByte()).isEqualTo(-1);
      }
      assertThat(door.sql().truth(active)).isTrue();
      door.sql().rows("select pg_terminate_backend(" + welcome.key().pid() + ")");
    }
  }

  private static Map<String, String> parameters() {
    return Map.of("user", Doorway.ROLE, "database", door.databaseName());
  }

  private static byte[] packet(int code, String rest) throws Exception {
    return RawClient.packet(FirstPacketTest.body(code, rest));
  }

  private static byte[] join(byte[]... parts) {
    var bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
