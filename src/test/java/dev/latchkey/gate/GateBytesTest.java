package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** Bytes through the gate are the bytes that a session without it has, in clear and over TLS. */
class GateBytesTest {
  private static final int COPIED = 64 << 20;
  private static final int LARGE = 50 << 20;

  /** With what the random contents begin, so that a failure can be repeated. */
  private static final long SEED = 20_261_124;

  private static final int PATIENCE_MILLIS = 30_000;

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  @TempDir static Path folder;

  private static SelfSigned own;
  private static Gate secure;
  private static Doorway.Access access;

  enum Way {
    CLEAR,
    TLS
  }

  @BeforeAll
  static void open() throws Exception {
    door.sql()
        .execute(
            """
            create unlogged table public.taken (n integer, words text);
            grant select, insert, truncate on public.taken to
            """
                + Doorway.ROLE);
    access = door.access();
    own = SelfSigned.in(folder);
    secure =
        Gate.open(
            new GateSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                database.socket(),
                GateSettings.GATEKEEPER,
                database.name(),
                GateLimits.standard(),
                Optional.of(own.tls())));
  }

  @AfterAll
  static void close() {
    if (secure != null) {
      secure.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void copyInAndOut(Way way) throws Exception {
    MessageDigest sent = MessageDigest.getInstance("SHA-256");
    try (Connection through = connect(way);
        Connection direct = database.connectAs(Doorway.ROLE)) {
      Sql.on(through).execute("truncate public.taken");
      through
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("copy public.taken from stdin", new DigestInputStream(new Lines(COPIED), sent));
      String expected = HexFormat.of().formatHex(sent.digest());

      assertThat(digestOfCopy(direct)).as("in through the gate").isEqualTo(expected);
      assertThat(digestOfCopy(through)).as("and out again").isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLargeValueThereAndBack(Way way) throws Exception {
    byte[] value = new byte[LARGE];
    new Random(SEED).nextBytes(value);
    try (Connection through = connect(way);
        PreparedStatement statement = through.prepareStatement("select ?::bytea")) {
      statement.setBytes(1, value);
      try (ResultSet row = statement.executeQuery()) {
        assertThat(row.next()).isTrue();
        assertThat(MessageDigest.isEqual(row.getBytes(1), value)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void notificationsWhileNothingElseIsSaid(Way way) throws Exception {
    List<String> expected = IntStream.range(0, 1_000).mapToObj(n -> n + "x".repeat(n * 7)).toList();
    List<String> heard = new ArrayList<>();
    try (Connection through = connect(way);
        Connection direct = database.connectAs(Doorway.ROLE);
        PreparedStatement notify = direct.prepareStatement("select pg_notify('news', ?)")) {
      Sql.on(through).execute("listen news");
      for (String payload : expected) {
        notify.setString(1, payload);
        notify.execute();
      }
      while (heard.size() < expected.size()) {
        PGNotification[] news =
            through.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS);
        assertThat(news).as("after %d notifications", heard.size()).isNotEmpty();
        for (PGNotification each : news) {
          heard.add(each.getParameter());
        }
      }
    }
    assertThat(heard).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void noticesInTheirOrder(Way way) throws Exception {
    int count = 20_000;
    try (Connection through = connect(way);
        Statement statement = through.createStatement()) {
      statement.execute(
          "do $$ begin for n in 1..%d loop raise notice 'n%%', n; end loop; end $$"
              .formatted(count));
      SQLWarning notice = statement.getWarnings();
      for (int n = 1; n <= count; n++, notice = notice.getNextWarning()) {
        assertThat(notice.getMessage()).isEqualTo("n" + n);
      }
      assertThat(notice == null).as("no more notices").isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErrorAmongRowsLeavesTheSessionUsable(Way way) throws Exception {
    try (Connection through = connect(way)) {
      CopyOut rows =
          through
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(
                  "copy (select repeat('x', 8000 / (5000 - n)) || repeat('y', 8000)"
                      + " from generate_series(1, 9000) as n) to stdout");
      var failure = catchThrowableOfType(SQLException.class, () -> drain(rows));
      assertThat(failure.getSQLState()).isEqualTo("22012");
      assertThat(Sql.on(through).text("select 'still in'")).isEqualTo("still in");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCopyOutCanBeCancelledInItsMiddle(Way way) throws Exception {
    try (Connection through = connect(way)) {
      PGConnection connection = through.unwrap(PGConnection.class);
      // A set-returning function in the select list is not gathered in a temporary file first.
      CopyOut rows =
          connection
              .getCopyAPI()
              .copyOut(
                  "copy (select repeat('x', 8000) from (select generate_series(1, 100000000)) n)"
                      + " to stdout");
      assertThat(rows.readFromCopy()).hasSize(8_001);
      connection.cancelQuery();
      var failure = catchThrowableOfType(SQLException.class, () -> drain(rows));
      assertThat(failure.getSQLState()).isEqualTo("57014");
      assertThat(Sql.on(through).text("select 'still in'")).isEqualTo("still in");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCopyInThatTheClientGivesUpLeavesNothing(Way way) throws Exception {
    try (Connection through = connect(way)) {
      Sql.on(through).execute("truncate public.taken");
      CopyIn rows =
          through.unwrap(PGConnection.class).getCopyAPI().copyIn("copy public.taken from stdin");
      byte[] lines = new Lines(8 << 20).readAllBytes();
      rows.writeToCopy(lines, 0, lines.length);
      rows.cancelCopy();
      assertThat(Sql.on(through).number("select count(*) from public.taken")).isZero();
    }
  }

  private static Connection connect(Way way) throws SQLException {
    Gate gate = way == Way.TLS ? secure : door.gate();
    var properties = new Properties();
    properties.setProperty("user", Doorway.ROLE);
    properties.setProperty("password", access.token());
    // In binary from the first time on: as text a large value has more than twice its size.
    properties.setProperty("prepareThreshold", "-1");
    properties.setProperty("sslmode", way == Way.TLS ? "verify-full" : "disable");
    properties.setProperty("sslrootcert", own.certificate().toString());
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(gate.address().getPort(), database.name()),
        properties);
  }

  private static String digestOfCopy(Connection connection) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut(
            "copy (select n, words from public.taken order by n) to stdout",
            new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void drain(CopyOut rows) throws SQLException {
    while (rows.readFromCopy() != null) {
      // Only the end is of interest.
    }
  }

  /**
   * Numbered lines of two to some twenty thousand hexadecimal digits, at least that many bytes in
   * all.
   */
  private static final class Lines extends InputStream {
    private final Random random = new Random(SEED);
    private final long bytes;
    private long made;
    private int lines;
    private byte[] line = {};
    private int at;

    Lines(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("only whole buffers are read");
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (at == line.length && !next()) {
        return -1;
      }
      int count = Math.min(length, line.length - at);
      System.arraycopy(line, at, into, offset, count);
      at += count;
      return count;
    }

    private boolean next() {
      if (made >= bytes) {
        return false;
      }
      byte[] content = new byte[1 + random.nextInt(random.nextInt(1, 10_000))];
      random.nextBytes(content);
      String words = HexFormat.of().formatHex(content);
      line = "%d\t%s\n".formatted(lines++, words).getBytes(StandardCharsets.US_ASCII);
      made += line.length;
      at = 0;
      return true;
    }
  }
}
