package dev.latchkey.bench;

import dev.latchkey.database.Migrations;
import dev.latchkey.gate.Gate;
import dev.latchkey.gate.GateSettings;
import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.sandbox.server.ServerSettings;
import dev.latchkey.testing.Sql;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A durable server with a gate before it, and the same server on TCP loopback, the transport that
 * the gate offers, so that both ways have the same clients.
 */
final class GateStand implements AutoCloseable {
  /** Whom the server lets in directly, and whom tokens are granted. */
  static final String ROLE = "bench_role";

  /** Where nobody else's server is likely to listen. */
  static final String HOST = "127.0.0.9";

  /** A member's way in for a day. */
  record Access(String userId, String grantId, String tokenId, String token) {
    /** The secret stays out of messages. */
    @Override
    public String toString() {
      return "Access[" + grantId + "]";
    }
  }

  private final EmbeddedServer server;
  private final Gate gate;
  private int members;

  private GateStand(EmbeddedServer server, Gate gate) {
    this.server = server;
    this.gate = gate;
  }

  static GateStand open(Path folder) throws Exception {
    var settings =
        ServerSettings.durable(
            Files.createDirectories(folder).resolve("server-" + System.nanoTime()));
    try (EmbeddedServer first = EmbeddedServer.start(settings)) {
      sql(first).execute("alter system set listen_addresses = '" + HOST + "'");
    }
    EmbeddedServer server = EmbeddedServer.start(settings);
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
    Gate gate =
        Gate.open(
            GateSettings.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                server.address().socket(),
                "postgres"));
    return new GateStand(server, gate);
  }

  Sql sql() {
    return sql(server);
  }

  /** A new member with a grant that ends so many milliseconds from now. */
  Access access(long millis) {
    members++;
    String member =
        sql().text("select user_id from latchkey.add_member(?)", "m" + members + "@example.org");
    String grant =
        sql()
            .text(
                """
                select id from latchkey.grant_access(
                  ?::uuid, ?, clock_timestamp() + ?::interval, p_reason => 'bench')
                """,
                member,
                ROLE,
                millis + " milliseconds");
    var made =
        sql()
            .row(
                """
                select made ->> 'id' as id, made ->> 'token' as token
                from latchkey.create_access_token(?::uuid, 'bench', now() + interval '1 day') as made
                """,
                member);
    return new Access(member, grant, made.get("id").toString(), made.get("token").toString());
  }

  /** The gate's port on 127.0.0.1. */
  int gatePort() {
    return gate.address().getPort();
  }

  /** The server's own port on {@link #HOST}. */
  int serverPort() {
    return server.address().port();
  }

  Connection direct() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/postgres".formatted(HOST, serverPort()), ROLE, "");
  }

  Connection through(Access access) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(gatePort()), ROLE, access.token());
  }

  @Override
  public void close() {
    gate.close();
    server.close();
  }

  private static Sql sql(EmbeddedServer of) {
    return Sql.on(of.address().dataSource("postgres", "postgres"));
  }
}
