package dev.latchkey.bench;

import dev.latchkey.database.Migrations;
import dev.latchkey.gate.Gate;
import dev.latchkey.gate.GateSettings;
import dev.latchkey.sandbox.EmbeddedServer;
import dev.latchkey.sandbox.ServerSettings;
import dev.latchkey.testing.Sql;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/**
 * What the gate costs. Direct means the same server on TCP loopback, the transport that the gate
 * offers, so both sides have the same clients.
 */
final class GateBench {
  @RegisterExtension static final BenchRun RUN = new BenchRun();

  private static final Path FOLDER = Path.of("target", "bench", "gate").toAbsolutePath();
  private static final String ROLE = "bench_role";

  /** Where nobody else's server is likely to listen. */
  private static final String HOST = "127.0.0.9";

  private static final int SECONDS = 2;
  private static final int COPY_MEGABYTES = 256;
  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

  private static EmbeddedServer server;
  private static Gate gate;
  private static String token;

  @BeforeAll
  static void open() throws Exception {
    var settings =
        ServerSettings.durable(
            Files.createDirectories(FOLDER).resolve("server-" + System.nanoTime()));
    try (EmbeddedServer first = EmbeddedServer.start(settings)) {
      sql(first).execute("alter system set listen_addresses = '" + HOST + "'");
    }
    server = EmbeddedServer.start(settings);
    Sql sql = sql(server);
    new Migrations(server.address().dataSource("postgres", "postgres")).install();
    Files.writeString(
        Path.of(sql.text("show hba_file")),
        "local all all trust\nhost all " + ROLE + " " + HOST + "/8 trust\n",
        StandardCharsets.UTF_8);
    sql.rows("select pg_reload_conf()");
    sql.execute(
        """
        create role %1$s login;
        grant create on schema public to %1$s;
        alter role latchkey_gatekeeper login;
        select latchkey.set_temporary_access('enabled')
        """
            .formatted(ROLE));
    String member = sql.text("select user_id from latchkey.add_member('bench@example.org')");
    sql.rows(
        "select latchkey.grant_access(?::uuid, ?, now() + interval '1 day', p_reason => 'bench')",
        member,
        ROLE);
    token =
        sql.text(
            "select latchkey.create_access_token(?::uuid, 'bench', now() + interval '1 day') ->> 'token'",
            member);
    gate =
        Gate.open(
            GateSettings.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                server.address().socket(),
                "postgres"));
    try (Connection connection = direct()) {
      Sql.on(connection)
          .execute(
              """
              create unlogged table public.line (words text);
              insert into public.line
                select repeat(md5(n::text), 4) from generate_series(1, %d) as n;
              create unlogged table public.taken (words text)
              """
                  .formatted(COPY_MEGABYTES * 8_000));
    }
  }

  @AfterAll
  static void close() {
    if (gate != null) {
      gate.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void tpcb(int clients) throws Exception {
    initialise();
    pgbench("pgbench tpcb-like", clients, true, "-b", "tpcb-like");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void selectOnly(int clients) throws Exception {
    initialise();
    pgbench("pgbench select-only", clients, true, "-b", "select-only");
  }

  /** The worst case, only told: nothing but the way there and back. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void selectOne(int clients) throws Exception {
    Path script = Files.writeString(FOLDER.resolve("one.sql"), "select 1;\n");
    pgbench("pgbench select 1", clients, false, "-f", script.toString());
  }

  @Test
  void copyOut() throws Exception {
    copy("COPY out", "copy public.line to stdout");
  }

  @Test
  void copyIn() throws Exception {
    copy("COPY in", "copy public.taken from stdin");
  }

  private static void copy(String name, String statement) throws Exception {
    Rounds rounds =
        Rounds.of(
            new Side("gate", () -> copy(through(), statement)),
            new Side("direct", () -> copy(direct(), statement)));
    RUN.record(
        Measurement.of(
                name,
                "%d MB, pgjdbc, to the same over TCP loopback".formatted(COPY_MEGABYTES),
                rounds,
                "gate",
                "direct")
            .atLeast(0.9));
  }

  private static double copy(Connection connection, String statement) throws Exception {
    try (connection) {
      Sql.on(connection).execute("truncate public.taken");
      var copying = connection.unwrap(PGConnection.class).getCopyAPI();
      long begin = System.nanoTime();
      if (statement.contains("stdin")) {
        copying.copyIn(statement, new Lines(COPY_MEGABYTES * 1_000_000L));
      } else {
        copying.copyOut(statement, OutputStream.nullOutputStream());
      }
      return 1e9 / (System.nanoTime() - begin);
    }
  }

  private static void pgbench(String name, int clients, boolean held, String... workload)
      throws Exception {
    Rounds rounds =
        Rounds.of(
            new Side(
                "gate", () -> tps(uri("127.0.0.1", gate.address().getPort()), clients, workload)),
            new Side("direct", () -> tps(uri(HOST, server.address().port()), clients, workload)));
    Measurement measurement =
        Measurement.of(
            name + ", " + clients + (clients == 1 ? " client" : " clients"),
            "transactions per second, to the same over TCP loopback",
            rounds,
            "gate",
            "direct");
    RUN.record(held ? measurement.atLeast(0.9) : measurement);
  }

  private static void initialise() throws Exception {
    pgbench("-i", "-s", "10", "-q", uri(HOST, server.address().port()));
  }

  private static double tps(String uri, int clients, String... workload) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-n", "-c", "" + clients, "-T", "" + SECONDS));
    arguments.addAll(Arrays.asList(workload));
    arguments.add(uri);
    String output = pgbench(arguments.toArray(String[]::new));
    Matcher rate = RATE.matcher(output);
    if (!rate.find()) {
      throw new AssertionError(output);
    }
    return Double.parseDouble(rate.group(1));
  }

  private static String pgbench(String... arguments) throws Exception {
    Assumptions.assumeTrue(PgBench.installed().isPresent(), "pgbench is not installed");
    List<String> command = new ArrayList<>(List.of("pgbench"));
    command.addAll(Arrays.asList(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", token);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return output;
  }

  private static String uri(String host, int port) {
    return "postgresql://%s@%s:%d/postgres".formatted(ROLE, host, port);
  }

  private static Connection direct() throws Exception {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/postgres".formatted(HOST, server.address().port()), ROLE, "");
  }

  private static Connection through() throws Exception {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(gate.address().getPort()), ROLE, token);
  }

  private static Sql sql(EmbeddedServer of) {
    return Sql.on(of.address().dataSource("postgres", "postgres"));
  }

  /** That many bytes of short lines. */
  private static final class Lines extends InputStream {
    private static final byte[] LINE =
        ("x".repeat(127) + "\n").repeat(512).getBytes(StandardCharsets.US_ASCII);

    private long left;

    Lines(long bytes) {
      left = bytes / LINE.length * LINE.length;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("only whole buffers are read");
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int at = (int) (left % LINE.length) == 0 ? 0 : (int) (LINE.length - left % LINE.length);
      int count = Math.min(length, LINE.length - at);
      System.arraycopy(LINE, at, into, offset, count);
      left -= count;
      return count;
    }
  }
}
