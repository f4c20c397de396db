package dev.latchkey.doctor;

import static dev.latchkey.doctor.Clinic.TOKEN;
import static dev.latchkey.doctor.Clinic.cause;
import static dev.latchkey.doctor.Clinic.examine;
import static dev.latchkey.doctor.Clinic.first;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Endpoint;
import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.sandbox.server.ServerAddress;
import dev.latchkey.sandbox.server.ServerSettings;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server of this test's own, so that it may shut down, recover, run out of connections, and have
 * a pg_hba.conf of its own. It is met shutting down and starting up before the tests begin.
 */
final class ServerStatesTest {
  private static final Path BINARIES = Path.of("target", "postgres", "binaries").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir static Path folder;
  private static EmbeddedServer server;
  private static TestDoor door;
  private static Diagnosis whileShuttingDown;
  private static Diagnosis whileStartingUp;

  @BeforeAll
  static void throughARestart() throws Exception {
    EmbeddedServer first = start();
    Sql sql = sql(first.address());
    sql.execute("create role keys_admin login password 'hunter2-hunter2'");
    sql.execute("create role latecomer login password 'hunter2-hunter2'");
    sql.execute("create role kept_out login");
    sql.execute("create database app");
    sql.execute("alter system set max_connections = 8");
    sql.execute("alter system set wal_level = replica");
    sql.execute("alter system set superuser_reserved_connections = 3");
    sql.execute(
        "alter system set restore_command = 'until test -e %s; do sleep 0.1; done; false'"
            .formatted(folder.resolve("go")));
    door = TestDoor.to(first.address().socket());

    try (Connection open = first.address().dataSource("app", "keys_admin").getConnection()) {
      long postmaster =
          Long.parseLong(Files.readAllLines(folder.resolve("data/postmaster.pid")).getFirst());
      // SIGTERM is a smart shutdown: it waits for the session, and lets nobody else in.
      ProcessHandle.of(postmaster).orElseThrow().destroy();
      whileShuttingDown = awaitRefusal("keys_admin");
      assertThat(open.isValid(30)).isTrue();
    }
    first.close();
    // What was written at wal_level = minimal cannot be recovered from.
    start().close();
    Files.createFile(folder.resolve("data/recovery.signal"));
    CompletableFuture<EmbeddedServer> starting =
        CompletableFuture.supplyAsync(ServerStatesTest::start);
    whileStartingUp = awaitRefusal("keys_admin");
    Files.createFile(folder.resolve("go"));
    server = starting.get();
    hostBased(
        """
        local all postgres trust
        local all kept_out reject
        local app keys_admin scram-sha-256
        """);
  }

  @AfterAll
  static void close() {
    door.close();
    server.close();
  }

  @Test
  void aServerThatShutsDown() {
    assertThat(cause(whileShuttingDown)).isEqualTo(Cause.SHUTTING_DOWN);
    assertThat(first(whileShuttingDown).code()).isEqualTo("57P03");
  }

  @Test
  void aServerThatStartsUpInRecovery() {
    assertThat(cause(whileStartingUp)).isEqualTo(Cause.STARTING_UP);
    assertThat(first(whileStartingUp).nextStep()).contains("The token is not at fault.");
  }

  @Test
  void aTokenWhereTheServerWantsAPasswordSaysThatNothingSawIt() {
    Diagnosis diagnosis = examine(at("keys_admin"), TOKEN);

    assertThat(cause(diagnosis)).isEqualTo(Cause.REFUSED_BEFORE_VERIFIER);
    assertThat(first(diagnosis).code()).isEqualTo("28P01");
    assertThat(first(diagnosis).nextStep())
        .contains("off or not installed", "past the gate", "alike in each case");
    assertThat(diagnosis.attempts()).isEqualTo(1);
  }

  @Test
  void aWrongPasswordAndAnUnknownRoleAreToldAlikeBecauseTheServerAnswersAlike() {
    hostBased("local all postgres trust\nlocal all all scram-sha-256\n");

    Diagnosis wrong = examine(at("keys_admin"), "not the password");
    Diagnosis unknown = examine(at("nobody_here"), "not the password");

    assertThat(cause(wrong)).isEqualTo(Cause.PASSWORD_REFUSED);
    assertThat(first(unknown).sentence()).isEqualTo(first(wrong).sentence());
    assertThat(first(unknown).nextStep())
        .isEqualTo(first(wrong).nextStep())
        .contains("there is no such role");
    assertThat(sql(server.address()).rows(first(wrong).sql())).hasSize(1);
    assertThat(sql(server.address()).rows(first(unknown).sql())).isEmpty();
  }

  @Test
  void aRoleWithoutALineInPgHba() {
    hostBased("local all postgres trust\n");

    Diagnosis diagnosis = examine(at("latecomer"), TOKEN);

    assertThat(cause(diagnosis)).isEqualTo(Cause.NO_PG_HBA_ENTRY);
    assertThat(first(diagnosis).code()).isEqualTo("28000");
    assertThat(sql(server.address()).rows(first(diagnosis).sql())).hasSize(1);
  }

  @Test
  void aRoleThatALineInPgHbaRejects() {
    hostBased("local all postgres trust\nlocal all kept_out reject\n");

    assertThat(cause(examine(at("kept_out"), TOKEN))).isEqualTo(Cause.REJECTED_BY_PG_HBA);
  }

  @Test
  void aMethodOtherThanTokensIsNotTakenForTheVerifier() {
    hostBased("local all postgres trust\nlocal all keys_admin peer\n");

    Diagnosis diagnosis = examine(at("keys_admin"), TOKEN);

    assertThat(cause(diagnosis)).isEqualTo(Cause.REFUSED_OTHERWISE);
    assertThat(first(diagnosis).code()).isEqualTo("28000");
  }

  @Test
  void aServerWithoutAFreeConnection() throws SQLException {
    hostBased("local all all trust\n");
    List<Connection> taken = new ArrayList<>();
    try {
      for (int number = 0; number < 5; number++) {
        taken.add(server.address().dataSource("app", "keys_admin").getConnection());
      }

      Diagnosis diagnosis = examine(at("keys_admin"), TOKEN);

      assertThat(cause(diagnosis)).isEqualTo(Cause.TOO_MANY_CONNECTIONS);
      assertThat(first(diagnosis).code()).isEqualTo("53300");
    } finally {
      for (Connection connection : taken) {
        connection.close();
      }
    }
  }

  /** Until the server refuses with 57P03: it does so only in the state that is waited for. */
  private static Diagnosis awaitRefusal(String role) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Diagnosis diagnosis = examine(at(role), TOKEN);
      if (diagnosis.first().filter(found -> found.code().equals("57P03")).isPresent()) {
        return diagnosis;
      }
      assertThat(System.nanoTime()).as(diagnosis.report()).isLessThan(end);
    }
  }

  private static void hostBased(String lines) {
    try {
      Files.writeString(folder.resolve("data/pg_hba.conf"), lines);
    } catch (IOException exception) {
      throw new AssertionError(exception);
    }
    Sql sql = sql(server.address());
    String before = sql.text("select pg_conf_load_time()");
    sql.execute("select pg_reload_conf()");
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (sql.text("select pg_conf_load_time()").equals(before)) {
      assertThat(System.nanoTime()).as("the server reads its files again").isLessThan(end);
    }
  }

  private static EmbeddedServer start() {
    return EmbeddedServer.start(ServerSettings.fleeting(folder, BINARIES));
  }

  private static Sql sql(ServerAddress address) {
    return Sql.on(address.dataSource("postgres", "postgres"));
  }

  private static Endpoint at(String role) {
    return Endpoint.loopback(door.port(), "app", role);
  }
}
