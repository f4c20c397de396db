package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Roles, members, grants and tokens for tests of temporary access. Register it after the database.
 */
final class TemporaryAccessFixture implements BeforeAllCallback {
  static final String READER = "access_reader";
  static final String WRITER = "access_writer";
  static final String OPERATOR = "access_operator";
  static final String AUDITOR = "access_auditor";
  static final String STRANGER = "access_stranger";
  static final String GATEKEEPER = "latchkey_gatekeeper";

  static final int PATIENCE_SECONDS = 30;

  private final TestDatabase database;
  private int members;

  TemporaryAccessFixture(TestDatabase database) {
    this.database = database;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    createRole(READER, "login");
    createRole(WRITER, "login");
    createRole(OPERATOR, "login in role latchkey_operator");
    createRole(AUDITOR, "login in role latchkey_auditor");
    createRole(STRANGER, "login");
    superuser().execute("alter role latchkey_gatekeeper login");
    superuser().rows("select latchkey.set_temporary_access('enabled')");
  }

  Sql superuser() {
    return database.sql();
  }

  Sql operator() {
    return database.sqlAs(OPERATOR);
  }

  Sql gatekeeper() {
    return database.sqlAs(GATEKEEPER);
  }

  String member() {
    members++;
    return operator()
        .text(
            "select user_id from latchkey.add_member(?, ?)",
            "person" + members + "@" + database.name() + ".example",
            "Person " + members);
  }

  /** For an hour, from anywhere. */
  String grant(String member, String role) {
    return grant(member, role, "{}");
  }

  String grant(String member, String role, String networks) {
    return operator()
        .text(
            "select id from latchkey.grant_access(?::uuid, ?, now() + interval '1 hour', null,"
                + " ?::cidr[], 'test')",
            member,
            role,
            networks);
  }

  String token(String member) {
    return operator()
        .text(
            "select latchkey.create_access_token(?::uuid, 'laptop', now() + interval '1 day') ->> 'token'",
            member);
  }

  String tokenId(String token) {
    return superuser()
        .text("select id from latchkey.access_tokens where ksuid = ?", token.substring(4, 31));
  }

  /** The login's id, or null when refused. */
  String authorize(String role, String token, String address) {
    return gatekeeper()
        .text("select temporary_access.authorize(?, ?, ?::inet)", role, token, address);
  }

  String authorize(String role, String token) {
    return authorize(role, token, "192.0.2.1");
  }

  /** A connection that a login with this token got, as through a gate; the caller closes it. */
  Connection session(String role, String token, String address) throws SQLException {
    String login = authorize(role, token, address);
    Connection connection = database.connectAs(role);
    boolean attached =
        gatekeeper()
            .truth(
                "select temporary_access.attach_login(?, ?)",
                login,
                (int) Sql.on(connection).number("select pg_backend_pid()"));
    assertThat(attached).as("the login is tied to its process").isTrue();
    return connection;
  }

  Connection session(String role, String token) throws SQLException {
    return session(role, token, "192.0.2.1");
  }

  /** Runs a long query in the session; answers what it ends with. */
  CompletableFuture<SQLException> inMidQuery(Connection session) {
    int pid = (int) Sql.on(session).number("select pg_backend_pid()");
    var end = new CompletableFuture<SQLException>();
    Thread.ofVirtual()
        .start(
            () ->
                end.complete(
                    catchThrowableOfType(
                        SQLException.class,
                        () -> session.createStatement().execute("select pg_sleep(600)"))));
    await(
        "the query runs",
        """
        select count(*) > 0
        from pg_stat_activity
        where pid = ? and query like '%pg_sleep(600)%' and state = 'active'
        """,
        pid);
    return end;
  }

  /** The login that a connection was opened by. */
  String loginOf(Connection connection) {
    return superuser()
        .text(
            "select id from latchkey.logins where backend_pid = ? order by at desc limit 1",
            (int) Sql.on(connection).number("select pg_backend_pid()"));
  }

  /** Waits until a statement that contains this text waits for a lock. */
  void awaitBlocked(String statement) {
    await(
        statement + " waits",
        """
        select count(*) > 0
        from pg_stat_activity
        where wait_event_type = 'Lock' and query like '%' || ? || '%' and datname = current_database()
        """,
        statement);
  }

  /** Waits until a question is answered with yes. */
  void await(String what, String question, Object... parameters) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!superuser().truth(question, parameters)) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
    }
  }

  Map<String, Object> lastLogin() {
    return superuser().row("select * from latchkey.logins order by at desc, id desc limit 1");
  }

  String lastOutcome() {
    return lastLogin().get("outcome").toString();
  }

  /** The newest event of a type about an object. */
  Map<String, Object> event(String type, String objectId) {
    return superuser()
        .row(
            """
            select actor_type, actor_id, outcome, code, reason, before::text, after::text
            from latchkey.events
            where type = ? and object_id = ?
            order by id desc
            limit 1
            """,
            type,
            objectId);
  }

  long eventCount() {
    return superuser().number("select count(*) from latchkey.events");
  }

  /** The call fails with this SQLSTATE and a message that begins so, and nothing was recorded. */
  void refuses(Sql sql, String sqlState, String message, String call, Object... parameters) {
    long before = eventCount();
    var failure = catchThrowableOfType(Sql.SqlFailure.class, () -> sql.rows(call, parameters));
    assertThat(failure).as(call).isNotNull();
    assertThat(failure.sqlState()).as(failure.getMessage()).isEqualTo(sqlState);
    assertThat(failure.getMessage()).startsWith("ERROR: " + message);
    assertThat(eventCount()).isEqualTo(before);
  }

  private void createRole(String name, String options) {
    if (superuser().number("select count(*) from pg_roles where rolname = ?", name) == 0) {
      superuser().execute("create role " + name + " " + options);
    }
  }
}
