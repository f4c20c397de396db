package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
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

/** What the gate costs. */
final class GateBench {
  @RegisterExtension static final BenchRun RUN = new BenchRun();

  private static final Path FOLDER = Path.of("target", "bench", "gate").toAbsolutePath();
  private static final int SECONDS = 2;
  private static final int COPY_MEGABYTES = 256;
  private static final long GIGABYTE = 1L << 30;
  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

  private static GateStand stand;
  private static GateStand.Access access;

  @BeforeAll
  static void open() throws Exception {
    stand = GateStand.open(FOLDER);
    access = stand.access(Duration.ofDays(1).toMillis());
    try (Connection connection = stand.direct()) {
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
    if (stand != null) {
      stand.close();
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
            new Side("gate", () -> copy(stand.through(access), statement)),
            new Side("direct", () -> copy(stand.direct(), statement)));
    RUN.record(
        Measurement.of(
                name,
                "%d MB, pgjdbc, to the same over TCP loopback".formatted(COPY_MEGABYTES),
                rounds,
                "gate",
                "direct")
            .atLeast(0.9));
  }

  /** A gigabyte there and back, through the gate and without. */
  @Test
  void aGigabyteIsTheSameByChecksum() throws Exception {
    try (Connection through = stand.through(access);
        Connection direct = stand.direct()) {
      Sql.on(direct).execute("truncate public.taken");
      String sent = copyIn(through, GIGABYTE);
      assertThat(copyOut(direct)).as("in through the gate").isEqualTo(sent);
      assertThat(copyOut(through)).as("and out again").isEqualTo(sent);
      Sql.on(direct).execute("truncate public.taken");
    }
  }

  private static String copyIn(Connection connection, long bytes) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("copy public.taken from stdin", new DigestInputStream(new HexLines(bytes), digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String copyOut(Connection connection) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut(
            "copy public.taken to stdout",
            new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    return HexFormat.of().formatHex(digest.digest());
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
            new Side("gate", () -> tps(uri("127.0.0.1", stand.gatePort()), clients, workload)),
            new Side(
                "direct", () -> tps(uri(GateStand.HOST, stand.serverPort()), clients, workload)));
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
    pgbench("-i", "-s", "10", "-q", uri(GateStand.HOST, stand.serverPort()));
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
    builder.environment().put("PGPASSWORD", access.token());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return output;
  }

  private static String uri(String host, int port) {
    return "postgresql://%s@%s:%d/postgres".formatted(GateStand.ROLE, host, port);
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

  /** At least that many bytes in lines of 127 random digits, which lie in a table as they came. */
  private static final class HexLines extends InputStream {
    private static final int LINE = 128;

    private final Random random = new Random(4);
    private final byte[] block = new byte[LINE * 512];
    private long left;
    private int at = block.length;

    HexLines(long bytes) {
      left = bytes;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("only whole buffers are read");
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (at == block.length) {
        if (left <= 0) {
          return -1;
        }
        fill();
      }
      int count = Math.min(length, block.length - at);
      System.arraycopy(block, at, into, offset, count);
      at += count;
      return count;
    }

    private void fill() {
      for (int n = 0; n < block.length; n++) {
        block[n] = n % LINE == LINE - 1 ? (byte) '\n' : (byte) ('a' + random.nextInt(16));
      }
      left -= block.length;
      at = 0;
    }
  }
}
