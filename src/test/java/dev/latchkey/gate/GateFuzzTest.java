package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dialogues that no client would have, and settings that a client should not get far with. */
class GateFuzzTest {
  private static final int VERSION_3_0 = 3 << 16;
  private static final int ROUNDS = 150;

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  @ParameterizedTest
  @ValueSource(longs = {1, 20261124, 4711})
  void mutatedDialoguesEndAndLeaveNothingBehind(long seed) throws Exception {
    var random = new Random(seed);
    Doorway.Access access = door.access();
    for (int round = 0; round < ROUNDS; round++) {
      byte[] dialogue = mutated(random, dialogue(random, access.token()));
      try (var stranger = new RawClient(door.port())) {
        stranger.send(dialogue).endOfInput();
        int bytes = 0;
        while (stranger.nextByte() >= 0) {
          bytes++;
        }
        assertThat(bytes).as("seed %d, round %d", seed, round).isLessThan(100_000);
      }
    }
    Traces.of(door.gate()).awaitNone(door);
    door.connect(access).close();
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          options               | -c role=postgres
          options               | --role=postgres
          options               | -c session_authorization=postgres
          options               | -crole=postgres -c is_superuser=on
          role                  | postgres
          session_authorization | postgres
          ROLE                  | latchkey_gatekeeper
          options               | -c search_path=pg_temp,temporary_access
          """)
  void nobodyBecomesAnotherRoleThanTheOneThatWasJudged(String name, String value) throws Exception {
    Doorway.Access access = door.access();
    Map<String, String> parameters = parameters();
    parameters.put(name, value);
    try (var client = new RawClient(door.port())) {
      client.send(Messages.startup(parameters)).next();
      client.password(access.token().getBytes(StandardCharsets.UTF_8));
      RawClient.Message answer = client.next();
      while (answer.type() != 'Z' && answer.type() != 'E' && !answer.isEnd()) {
        answer = client.next();
      }
      if (answer.type() == 'Z') {
        client.query("select current_user || ' ' || session_user || ' ' || user");
        assertThat(client.next('D').text()).endsWith("gate_reader gate_reader gate_reader");
      } else {
        assertThat(answer.type()).isEqualTo('E');
      }
    }
  }

  @Test
  void aNameThatTheServerWouldCutOffIsNotTheShorterRole() throws Exception {
    String longest = "g".repeat(63);
    door.sql().execute("create role " + longest + " login");
    try {
      String member = door.member();
      String grant =
          door.sql()
              .text(
                  "select id from latchkey.grant_access(?::uuid, ?, now() + interval '1 h', p_reason => 'x')",
                  member,
                  longest);
      String token = door.token(member, grant).token();
      assertThat(RawClient.signIn(door.port(), parameters(longest), token).type()).isEqualTo('R');
      assertThat(RawClient.signIn(door.port(), parameters(longest + "g"), token).text())
          .contains("28000");
    } finally {
      door.sql().execute("drop role " + longest);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"database", "true", "false", "0", ""})
  void replicationIsRefusedHoweverItIsAskedFor(String value) throws Exception {
    Map<String, String> parameters = parameters();
    parameters.put("replication", value);
    assertThat(RawClient.signIn(door.port(), parameters, door.access().token()).text())
        .contains("28000");
  }

  @Test
  void aQueryRightBehindThePasswordIsAnsweredOnce() throws Exception {
    Doorway.Access access = door.access();
    try (var client = new RawClient(door.port())) {
      client.send(
          join(
              Messages.startup(parameters()),
              password(access.token()),
              RawClient.typed('Q', "select 'once'\0".getBytes(StandardCharsets.UTF_8))));
      assertThat(client.next('D').text()).endsWith("once");
      assertThat(client.next('Z').type()).isEqualTo('Z');
    }
  }

  @Test
  void aCancelRequestWithAGuessedKeyOrSomethingBehindItIsNotForwarded() throws Exception {
    Doorway.Access access = door.access();
    try (var session = new RawClient(door.port())) {
      session.send(Messages.startup(parameters())).next();
      session.password(access.token().getBytes(StandardCharsets.UTF_8));
      byte[] key = session.next('K').body();
      session.next('Z');
      session.query("select pg_sleep(600)");
      String active =
          "select count(*) > 0 from latchkey.sessions where state = 'active' and grant_id = '%s'"
              .formatted(access.grantId());
      door.awaitTrue(active);
      byte[] guessed = key.clone();
      guessed[7] ^= 1;
      for (byte[] wrong : List.of(guessed, Arrays.copyOf(key, 12), Arrays.copyOf(key, 256))) {
        try (var stranger = new RawClient(door.port())) {
          stranger.send(cancel(wrong));
          assertThat(stranger.nextByte()).isEqualTo(-1);
        }
      }
      assertThat(door.sql().truth(active)).isTrue();

      try (var owner = new RawClient(door.port())) {
        owner.send(cancel(key));
        assertThat(owner.nextByte()).isEqualTo(-1);
      }
      assertThat(session.next('E').text()).contains("57014");
    }
  }

  private static List<byte[]> dialogue(Random random, String token) throws Exception {
    List<byte[]> packets = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      packets.add(request(FirstPacket.GSS_CODE));
    }
    if (random.nextInt(3) == 0) {
      packets.add(request(FirstPacket.TLS_CODE));
    }
    if (random.nextInt(6) == 0) {
      packets.add(cancel(new byte[] {0, 0, 0, 1, 1, 2, 3, 4}));
    }
    String extra =
        switch (random.nextInt(7)) {
          case 0 -> "options\0-c role=postgres\0";
          case 1 -> "user\0postgres\0";
          case 2 -> "replication\0true\0";
          case 3 -> "_pq_.protocol_managed_params\0x\0";
          case 4 -> "application_name\0" + "x".repeat(random.nextInt(12_000)) + "\0";
          case 5 -> "b\u00fcro\0\u00e4\0";
          default -> "";
        };
    int version = VERSION_3_0 + (random.nextInt(3) == 0 ? random.nextInt(5) : 0);
    String settings =
        "user\0%s\0database\0%s\0%s\0".formatted(Doorway.ROLE, door.databaseName(), extra);
    packets.add(RawClient.packet(FirstPacketTest.body(version, settings)));
    packets.add(password(random.nextInt(3) == 0 ? "wrong" : token));
    packets.add(RawClient.typed('Q', "select 1\0".getBytes(StandardCharsets.UTF_8)));
    packets.add(RawClient.typed('X', new byte[0]));
    return packets;
  }

  private static byte[] mutated(Random random, List<byte[]> packets) {
    byte[] bytes = join(packets.toArray(byte[][]::new));
    switch (random.nextInt(6)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(20_000));
      case 2 -> {
        int[] lengths = {0, 4, 7, 8, 9_999, 10_000, 10_001, -1, Integer.MIN_VALUE, 1 << 30};
        ByteBuffer.wrap(bytes).putInt(lengths[random.nextInt(lengths.length)]);
      }
      case 3 -> {
        int begin = random.nextInt(bytes.length);
        int end = begin + random.nextInt(bytes.length - begin);
        bytes = join(bytes, Arrays.copyOfRange(bytes, begin, end));
      }
      case 4 -> {
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
      default -> {
        // As it is: a dialogue that may well be right.
      }
    }
    return bytes;
  }

  private static Map<String, String> parameters() {
    return parameters(Doorway.ROLE);
  }

  private static Map<String, String> parameters(String role) {
    return new LinkedHashMap<>(Map.of("user", role, "database", door.databaseName()));
  }

  private static byte[] request(int code) throws Exception {
    return RawClient.packet(FirstPacketTest.body(code, ""));
  }

  private static byte[] password(String text) throws Exception {
    return RawClient.typed('p', (text + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] cancel(byte[] key) throws Exception {
    return RawClient.packet(
        join(ByteBuffer.allocate(4).putInt(FirstPacket.CANCEL_CODE).array(), key));
  }

  private static byte[] join(byte[]... parts) {
    var bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
