package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many at the gate, good ones and bad ones. */
class GateCrowdTest {
  private static final int CONNECTIONS = 500;
  private static final int AT_ONCE = 120;
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  /** Of the doorkeeper and of the test itself, which come and go. */
  private static final int SOME_FILES = 20;

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  @Test
  void fiveHundredComeAndGoAndLeaveNothingBehind() throws Exception {
    Doorway.Access access = door.access();
    openAndClose(access, 20);
    Traces.of(door.gate()).awaitNone(door);
    long files = Traces.openFiles();
    openAndClose(access, CONNECTIONS);
    Traces.of(door.gate()).awaitNone(door);
    assertThat(Traces.openFiles()).isLessThan(files + SOME_FILES);
    assertThat(
            door.sql()
                .number(
                    "select count(*) from latchkey.logins where token_id = ?::uuid and ended_why = 'closed'",
                    access.tokenId()))
        .isEqualTo(CONNECTIONS + 20);
  }

  @Test
  void manyAreInAtOnce() throws Exception {
    Doorway.Access access = door.access();
    List<Connection> open = new ArrayList<>();
    try {
      for (int number = 0; number < AT_ONCE; number++) {
        open.add(door.connect(access));
      }
      for (int number = 0; number < AT_ONCE; number++) {
        assertThat(Sql.on(open.get(number)).number("select ?::int", number)).isEqualTo(number);
      }
      door.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grantId());
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
    Traces.of(door.gate()).awaitNone(door);
  }

  @Test
  void oneByteAtATimeKeepsNobodyOut() throws Exception {
    Doorway.Access access = door.access();
    byte[] startup = Messages.startup(parameters());
    var stop = new AtomicBoolean();
    List<Socket> slow = new ArrayList<>();
    Thread dribbling = null;
    try {
      for (int number = 0; number < 150; number++) {
        slow.add(door.dial());
      }
      dribbling =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int at = 0; at < startup.length - 1 && !stop.get(); at++) {
                      byte next = startup[at];
                      slow.forEach(socket -> dribble(socket, next));
                    }
                  });
      for (int number = 0; number < 10; number++) {
        try (Connection in = door.connect(access)) {
          assertThat(Sql.on(in).text("select 'in'")).isEqualTo("in");
        }
      }
    } finally {
      stop.set(true);
      if (dribbling != null) {
        dribbling.join();
      }
      for (Socket socket : slow) {
        socket.close();
      }
    }
    Traces.of(door.gate()).awaitNone(door);
  }

  @Test
  void oneAddressDoesNotPushOutAnother() throws Exception {
    Doorway.Access access = door.access();
    var few =
        new GateLimits(4, 10, Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(10));
    try (Gate gate = door.open(few);
        var patient = other(gate.address().getPort())) {
      patient.send(Messages.startup(parameters()));
      assertThat(patient.next().type()).isEqualTo('R');
      List<Socket> pushing = new ArrayList<>();
      try {
        for (int number = 0; number < 40; number++) {
          pushing.add(new Socket(InetAddress.getLoopbackAddress(), gate.address().getPort()));
        }
        patient.password(access.token().getBytes(StandardCharsets.UTF_8));
        assertThat(patient.next('Z').type()).isEqualTo('Z');
      } finally {
        for (Socket socket : pushing) {
          socket.close();
        }
      }
    }
  }

  @Test
  void aServerThatHangsGivesEveryPlaceBack() throws Exception {
    Doorway.Access access = door.access();
    var hasty =
        new GateLimits(4, 10, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMinutes(1));
    try (var server = new HangingServer(database.socket());
        var others = Executors.newVirtualThreadPerTaskExecutor();
        Gate gate =
            Gate.open(
                new GateSettings(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    server.socket(),
                    GateSettings.GATEKEEPER,
                    door.databaseName(),
                    hasty,
                    Optional.empty()))) {
      int port = gate.address().getPort();
      door.connect(port, Doorway.ROLE, access.token()).close();
      server.hang(true);
      List<Future<RawClient.Message>> waiting =
          Stream.generate(
                  () -> others.submit(() -> RawClient.signIn(port, parameters(), access.token())))
              .limit(6)
              .toList();
      for (Future<RawClient.Message> each : waiting) {
        RawClient.Message answer = each.get(60, TimeUnit.SECONDS);
        assertThat(
                answer.isEnd()
                    || answer.text().contains("57P03")
                    || answer.text().contains("53300"))
            .isTrue();
      }
      server.hang(false);
      String answer = signInAgain(port, access);
      for (long begin = System.nanoTime();
          answer.contains("53300") && System.nanoTime() - begin < PATIENCE_NANOS; ) {
        answer = signInAgain(port, access);
      }
      assertThat(answer).contains("server_version");
    }
    Traces.of(door.gate()).awaitNone(door);
  }

  /** Everything that the gate says up to the first query, or its refusal. */
  private static String signInAgain(int port, Doorway.Access access) throws Exception {
    var said = new StringBuilder();
    try (var client = new RawClient(port)) {
      client.send(Messages.startup(parameters())).next();
      client.password(access.token().getBytes(StandardCharsets.UTF_8));
      RawClient.Message next = client.next();
      while (next.type() != 'Z' && !next.isEnd()) {
        said.append(next.text());
        next = client.next();
      }
    }
    return said.toString();
  }

  private static void openAndClose(Doorway.Access access, int times) throws Exception {
    try (var others = Executors.newFixedThreadPool(8)) {
      List<Future<Object>> all = new ArrayList<>();
      for (int number = 0; number < times; number++) {
        all.add(
            others.submit(
                () -> {
                  assertThat(RawClient.signIn(door.port(), parameters(), access.token()).type())
                      .isEqualTo('R');
                  return null;
                }));
      }
      for (Future<Object> each : all) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static RawClient other(int port) throws Exception {
    try {
      return new RawClient(port, InetAddress.getByName("127.0.0.2"));
    } catch (SocketException unknown) {
      Assumptions.abort("this system has one loopback address only");
      throw unknown;
    }
  }

  private static void dribble(Socket socket, byte next) {
    try {
      socket.getOutputStream().write(next);
    } catch (java.io.IOException sentAway) {
      // As it should be.
    }
  }

  private static Map<String, String> parameters() {
    return Map.of("user", Doorway.ROLE, "database", door.databaseName());
  }
}
