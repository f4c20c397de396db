package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class GateTlsTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  @TempDir static Path folder;

  private static SelfSigned own;

  @BeforeAll
  static void makeCertificate() throws Exception {
    own = SelfSigned.in(folder);
  }

  @Test
  void letsATokenInOverVerifiedTls() throws Exception {
    Doorway.Access access = door.access();
    try (Gate gate = open();
        Connection connection = connect(gate, access, "verify-full")) {
      assertThat(Sql.on(connection).text("select repeat('x', 200000)")).hasSize(200_000);
    }
  }

  @Test
  void revokingEndsASessionOverTls() throws Exception {
    Doorway.Access access = door.access();
    try (Gate gate = open();
        Connection connection = connect(gate, access, "verify-full")) {
      door.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grantId());
      var failure =
          catchThrowableOfType(Sql.SqlFailure.class, () -> Sql.on(connection).text("select 1"));
      assertThat(failure.sqlState()).isEqualTo("57P01");
    }
  }

  @Test
  void psqlSignsInOverVerifiedTls() throws Exception {
    Tool psql = Tool.orSkip("psql");
    Doorway.Access access = door.access();
    try (Gate gate = open()) {
      Tool.Outcome in =
          psql.run(
              access.token(),
              List.of(
                  "host=127.0.0.1 port=%d dbname=%s user=%s sslmode=verify-full sslrootcert=%s"
                      .formatted(
                          gate.address().getPort(),
                          door.databaseName(),
                          Doorway.ROLE,
                          own.certificate()),
                  "-AtXc",
                  "select 'in'"));
      assertThat(in.output().strip()).isEqualTo("in");
    }
  }

  @Test
  void whatWasSentBeforeTlsDoesNotCountWithinIt() throws Exception {
    try (Gate gate = open();
        var client = new RawClient(gate.address().getPort())) {
      byte[] request = RawClient.packet(FirstPacketTest.body(FirstPacket.TLS_CODE, ""));
      byte[] smuggled = Messages.startup(Map.of("user", Doorway.ROLE));
      byte[] both = Arrays.copyOf(request, request.length + smuggled.length);
      System.arraycopy(smuggled, 0, both, request.length, smuggled.length);
      client.send(both);
      assertThat(client.nextByte()).isEqualTo('S');
      int next = client.nextByte();
      assertThat(next).as("a TLS alert or the end, no question for a password").isNotEqualTo('R');
    }
  }

  @Test
  void doesNotListenToTheWorldWithoutTls() {
    var everywhere = new InetSocketAddress("0.0.0.0", 0);
    assertThatThrownBy(() -> GateSettings.of(everywhere, database.socket(), door.databaseName()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs TLS");
  }

  private static Gate open() throws Exception {
    return Gate.open(
        new GateSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            database.socket(),
            GateSettings.GATEKEEPER,
            door.databaseName(),
            GateLimits.standard(),
            Optional.of(own.tls())));
  }

  private static Connection connect(Gate gate, Doorway.Access access, String mode)
      throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", Doorway.ROLE);
    properties.setProperty("password", access.token());
    properties.setProperty("sslmode", mode);
    properties.setProperty("sslrootcert", own.certificate().toString());
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + gate.address().getPort() + "/" + door.databaseName(),
        properties);
  }
}
