package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.sandbox.server.ServerSettings;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestPostgres;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What happens at the gate when the server behind it goes and comes back. */
class GateOutageTest {
  private static final int PATIENCE_SECONDS = 30;

  @Test
  void sessionsEndWithTheServerNobodyComesInWithoutItAndEverybodyWhenItIsBack() throws Exception {
    TestPostgres postgres = TestPostgres.ofThisRun();
    Path folder = Files.createDirectories(postgres.home());
    ServerSettings settings = postgres.prepared(Files.createTempDirectory(folder, "outage-"));
    EmbeddedServer server = EmbeddedServer.start(settings);
    String token = letIn(server);
    Gate gate = Gate.open(settingsFor(server));
    try (gate;
        var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection open = connect(gate, token)) {
      Future<String> work = others.submit(() -> Sql.on(open).text("select pg_sleep(600)"));
      awaitTrue(server, "select count(*) > 0 from latchkey.sessions where state = 'active'");
      server.close();

      var failure =
          catchThrowableOfType(
              ExecutionException.class, () -> work.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertThat(((SQLException) failure.getCause().getCause()).getSQLState())
          .isIn("57P01", "08006");

      var outage = catchThrowableOfType(SQLException.class, () -> connect(gate, token).close());
      assertThat(outage.getSQLState()).isEqualTo("57P03");

      try (EmbeddedServer back = EmbeddedServer.start(settings);
          Connection session = connect(gate, token)) {
        assertThat(Sql.on(session).text("select current_user")).isEqualTo("outage_reader");
        assertThat(back.running()).isTrue();
      }
    }
  }

  private static GateSettings settingsFor(EmbeddedServer server) {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return GateSettings.of(loopback, server.address().socket(), TestPostgres.MIGRATED);
  }

  private static String letIn(EmbeddedServer server) {
    Sql sql = sql(server);
    sql.execute(
        """
        create role outage_reader login;
        alter role latchkey_gatekeeper login;
        select latchkey.set_temporary_access('enabled')
        """);
    String member = sql.text("select user_id from latchkey.add_member('anna@example.org')");
    sql.rows(
        "select latchkey.grant_access(?::uuid, 'outage_reader', now() + interval '1 h', p_reason => 'x')",
        member);
    return sql.text(
        "select latchkey.create_access_token(?::uuid, 'x', now() + interval '1 h') ->> 'token'",
        member);
  }

  private static Connection connect(Gate gate, String token) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + gate.address().getPort() + "/" + TestPostgres.MIGRATED,
        "outage_reader",
        token);
  }

  private static Sql sql(EmbeddedServer server) {
    return Sql.on(server.address().dataSource(TestPostgres.MIGRATED, "postgres"));
  }

  private static void awaitTrue(EmbeddedServer server, String question) {
    while (!sql(server).truth(question)) {
      Thread.onSpinWait();
    }
  }
}
