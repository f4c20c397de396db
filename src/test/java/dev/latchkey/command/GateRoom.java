package dev.latchkey.command;

import dev.latchkey.gate.Gate;
import dev.latchkey.gate.GateLimits;
import dev.latchkey.gate.GateSettings;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Operators who come in by temporary access, through gates before the test database. */
final class GateRoom implements AutoCloseable {
  private final TestDatabase database;
  private final String role;
  private final Path folder;
  private final List<Gate> gates = new ArrayList<>();
  private int members;

  /** What an operator has in hand. */
  record Access(
      String email, String memberId, String grantId, String tokenId, String token, Path file) {
    @Override
    public String toString() {
      return email;
    }
  }

  /**
   * @param role the operators' role, made here and dropped at the end
   */
  GateRoom(TestDatabase database, String role, Path folder) {
    this.database = database;
    this.role = role;
    this.folder = folder;
    sql()
        .execute(
            """
            create role %s login in role latchkey_operator;
            alter role latchkey_gatekeeper login;
            select latchkey.set_temporary_access('enabled')
            """
                .formatted(role));
  }

  Sql sql() {
    return database.sql();
  }

  Gate gate(Optional<SSLContext> tls) throws IOException {
    Gate gate =
        Gate.open(
            new GateSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                database.socket(),
                GateSettings.GATEKEEPER,
                database.name(),
                GateLimits.standard(),
                tls));
    gates.add(gate);
    return gate;
  }

  /** A new member with a grant of the role for an hour and a token in a file. */
  Access access() throws IOException {
    members++;
    String email = "member%d@%s.example".formatted(members, role.replace('_', '-'));
    String member = sql().text("select user_id from latchkey.add_member(?)", email);
    String grant =
        sql()
            .text(
                "select id from latchkey.grant_access(?::uuid, ?, now() + interval '1 h', null, '{}'::cidr[], 'test')",
                member,
                role);
    var made =
        sql()
            .row(
                """
                select made ->> 'id' as id, made ->> 'token' as token
                from latchkey.create_access_token(?::uuid, 'laptop', now() + interval '1 day') as made
                """,
                member);
    String token = made.get("token").toString();
    Path file = Files.writeString(folder.resolve("token" + members), token + "\n");
    return new Access(email, member, grant, made.get("id").toString(), token, file);
  }

  String url(int port) {
    return "postgresql://%s@127.0.0.1:%d/%s".formatted(role, port, database.name());
  }

  String url(Gate gate) {
    return url(gate.address().getPort());
  }

  @Override
  public void close() {
    gates.forEach(Gate::close);
    sql()
        .execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = ?", role);
    sql().execute("drop role " + role);
  }
}
