package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A gate before a test database, with a role that may be granted, and what tests do at a gate.
 * Register it after the database.
 */
final class Doorway implements BeforeAllCallback, AfterAllCallback {
  static final String ROLE = "gate_reader";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A member's way in. */
  record Access(String userId, String grantId, String tokenId, String token) {
    /** The secret stays out of the messages of failed tests. */
    @Override
    public String toString() {
      return "Access[" + grantId + "]";
    }
  }

  private final TestDatabase database;
  private final GateLimits limits;
  private Gate gate;
  private int members;

  Doorway(TestDatabase database) {
    this(database, GateLimits.standard());
  }

  Doorway(TestDatabase database, GateLimits limits) {
    this.database = database;
    this.limits = limits;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    sql()
        .execute(
            """
            do $$
            begin
              if not exists (select from pg_roles where rolname = '%1$s') then
                create role %1$s login;
              end if;
            end
            $$;
            alter role latchkey_gatekeeper login;
            select latchkey.set_temporary_access('enabled')
            """
                .formatted(ROLE));
    gate = open(limits);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (gate != null) {
      gate.close();
    }
  }

  /** One more gate before the same database; the caller closes it. */
  Gate open(GateLimits own) {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      return Gate.open(
          new GateSettings(
              loopback,
              database.socket(),
              GateSettings.GATEKEEPER,
              database.name(),
              own,
              Optional.empty()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Gate gate() {
    return gate;
  }

  int port() {
    return gate.address().getPort();
  }

  Sql sql() {
    return database.sql();
  }

  /** A new member with a grant for an hour and a token for a day, from anywhere. */
  Access access() {
    return access("{}", Duration.ofHours(1));
  }

  Access access(String networks, Duration duration) {
    String userId = member();
    String grantId =
        sql()
            .text(
                "select id from latchkey.grant_access(?::uuid, ?, clock_timestamp() + ?::interval,"
                    + " null, ?::cidr[], 'test')",
                userId,
                ROLE,
                duration.toMillis() + " milliseconds",
                networks);
    return token(userId, grantId);
  }

  String member() {
    members++;
    return sql()
        .text(
            "select user_id from latchkey.add_member(?)",
            "member" + members + "@" + database.name() + ".example");
  }

  Access token(String userId, String grantId) {
    var made =
        sql()
            .row(
                """
                select made ->> 'id' as id, made ->> 'token' as token
                from latchkey.create_access_token(?::uuid, 'test', now() + interval '1 day') as made
                """,
                userId);
    return new Access(userId, grantId, made.get("id").toString(), made.get("token").toString());
  }

  Connection connect(String role, String token) throws SQLException {
    return connect(port(), role, token);
  }

  Connection connect(Access access) throws SQLException {
    return connect(ROLE, access.token());
  }

  Connection connect(int port, String role, String token) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", role);
    properties.setProperty("password", token);
    properties.setProperty("ApplicationName", "gate test");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database.name(), properties);
  }

  /** A bare connection to the gate. */
  Socket dial() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** What the log of logins says about the last attempt. */
  String lastOutcome() {
    return sql().text("select outcome from latchkey.logins order by at desc limit 1");
  }

  /**
   * Asks until the answer is true; fails when it still is not after a time that is far too long.
   */
  void awaitTrue(String question, Object... parameters) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!sql().truth(question, parameters)) {
      assertThat(System.nanoTime()).as("still not: " + question).isLessThan(deadline);
    }
  }

  String databaseName() {
    return database.name();
  }
}
