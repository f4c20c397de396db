package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bench.GateStand.Access;
import dev.latchkey.testing.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/**
 * How long a connection through the gate outlives its access: from the order to end it, or the
 * moment at which the grant ends, to the moment at which the client's side of the connection is no
 * longer established. What the client does meanwhile matters: it may wait, have a statement at
 * work, or not read what the server has for it.
 *
 * <p>The state of the connection is the kernel's, of /proc/net, which is asked every millisecond:
 * only Linux has it, and a client that does not read would notice nothing itself.
 */
final class GateEndingBench {
  private static final Path FOLDER = Path.of("target", "bench", "gate-ending").toAbsolutePath();
  private static final Path RESULT = Path.of("target", "bench", "gate-endings.md");
  private static final int TIMES = Integer.getInteger("bench.times", 40);
  private static final double MOST_MILLIS = 1_000;
  private static final double PATIENCE_MILLIS = 30_000;

  /** Java's connections to 127.0.0.1 stand in the second one. */
  private static final List<Path> CONNECTIONS =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  private static final String ESTABLISHED = "01";

  private static GateStand stand;
  private static final StringBuilder TABLE =
      new StringBuilder(
          "| ended by | client | times | p50 | p95 | longest |\n|---|---|--:|--:|--:|--:|\n");

  /** What a client does when its access ends. */
  private enum Client {
    WAITS("waits"),
    AT_WORK("has a statement at work"),
    DOES_NOT_READ("does not read");

    private final String words;

    Client(String words) {
      this.words = words;
    }

    /** Returns when the client is at it. */
    void begin(Connection connection) throws Exception {
      switch (this) {
        case WAITS -> Sql.on(connection).text("select 'in'");
        case AT_WORK -> {
          String pid = Sql.on(connection).text("select pg_backend_pid()::text");
          Thread.ofVirtual().start(() -> untilItsEnd(connection, "select pg_sleep(600)"));
          awaitState(pid, "PgSleep");
        }
        case DOES_NOT_READ -> {
          String pid = Sql.on(connection).text("select pg_backend_pid()::text");
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(
                  "copy (select repeat('x', 8000) from (select generate_series(1, 100000000)) n)"
                      + " to stdout")
              .readFromCopy();
          awaitState(pid, "ClientWrite");
        }
      }
    }

    private static void untilItsEnd(Connection connection, String statement) {
      try {
        Sql.on(connection).text(statement);
      } catch (Sql.SqlFailure ended) {
        // That is what is measured.
      }
    }

    private static void awaitState(String pid, String event) throws InterruptedException {
      while (!stand
          .sql()
          .truth("select wait_event = ? from pg_stat_activity where pid = ?::int", event, pid)) {
        Thread.sleep(5);
      }
    }
  }

  /** Closes the client's side; that the gate has reset the connection is no failure here. */
  private record HangingUp(Connection connection) implements AutoCloseable {
    @Override
    public void close() {
      try {
        connection.close();
      } catch (SQLException reset) {
        // The gate was first, as it should be.
      }
    }
  }

  @BeforeAll
  static void open() throws Exception {
    stand = GateStand.open(FOLDER);
  }

  @AfterAll
  static void close() throws IOException {
    if (stand != null) {
      stand.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void revokedGrant(Client client) throws Exception {
    ordered(
        "`revoke_grant`", client, "select latchkey.revoke_grant(?::uuid, 'done')", Access::grantId);
  }

  @ParameterizedTest
  @EnumSource
  void revokedToken(Client client) throws Exception {
    ordered(
        "`revoke_access_token`",
        client,
        "select latchkey.revoke_access_token(?::uuid, 'done')",
        Access::tokenId);
  }

  @ParameterizedTest
  @EnumSource
  void frozenMember(Client client) throws Exception {
    ordered(
        "`freeze_member`",
        client,
        "select latchkey.freeze_member(?::uuid, 'done')",
        Access::userId);
  }

  @ParameterizedTest
  @EnumSource
  void expiredGrant(Client client) throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int time = 0; time < TIMES; time++) {
      Access access = stand.access(1_500);
      try (var hangingUp = new HangingUp(stand.through(access))) {
        client.begin(hangingUp.connection());
        double end =
            Double.parseDouble(
                stand
                    .sql()
                    .text(
                        "select extract(epoch from expires_at) * 1000 from latchkey.grants where id = ?::uuid",
                        access.grantId()));
        assertThat(open(stand.gatePort())).as("still in before the end").isTrue();
        awaitClosed();
        millis.add(System.currentTimeMillis() - end);
      }
    }
    tell("the grant's end", client, millis);
  }

  private static void ordered(
      String order, Client client, String statement, Function<Access, String> subject)
      throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int time = 0; time < TIMES; time++) {
      Access access = stand.access(60_000);
      try (var hangingUp = new HangingUp(stand.through(access))) {
        client.begin(hangingUp.connection());
        assertThat(open(stand.gatePort())).as("in before the order").isTrue();
        long start = System.nanoTime();
        var ordering =
            CompletableFuture.runAsync(
                () -> stand.sql().rows(statement, subject.apply(access)),
                task -> Thread.ofPlatform().start(task));
        awaitClosed();
        millis.add((System.nanoTime() - start) / 1e6);
        ordering.join();
      }
    }
    tell(order, client, millis);
  }

  private static void awaitClosed() throws Exception {
    long start = System.nanoTime();
    while (open(stand.gatePort())) {
      assertThat((System.nanoTime() - start) / 1e6).isLessThan(PATIENCE_MILLIS);
      Thread.sleep(1);
    }
  }

  /** Whether any client's side of a connection to that port is established. */
  private static boolean open(int port) throws IOException {
    String there = ":%04X".formatted(port);
    for (Path table : CONNECTIONS) {
      try (var lines = Files.lines(table, StandardCharsets.US_ASCII)) {
        if (lines
            .map(line -> line.strip().split("\\s+"))
            .anyMatch(line -> line[2].endsWith(there) && line[3].equals(ESTABLISHED))) {
          return true;
        }
      }
    }
    return false;
  }

  private static void tell(String order, Client client, List<Double> millis) throws IOException {
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double longest = sorted[sorted.length - 1];
    TABLE.append(
        "| %s | %s | %d | %.0f ms | %.0f ms | %.0f ms |%n"
            .formatted(
                order,
                client.words,
                sorted.length,
                percentile(sorted, 50),
                percentile(sorted, 95),
                longest));
    Files.writeString(RESULT, TABLE);
    assertThat(longest).as("longest, in ms").isLessThanOrEqualTo(MOST_MILLIS);
  }

  private static double percentile(double[] sorted, int percent) {
    return sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1];
  }
}
