package dev.latchkey.access;

import dev.latchkey.access.screen.AccessViewModel;
import dev.latchkey.change.ChangeReview;
import dev.latchkey.change.ChangeRunner;
import dev.latchkey.change.Changes;
import dev.latchkey.change.Environment;
import dev.latchkey.change.WriteMode;
import dev.latchkey.database.Database;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One console's way to the test database, and short ways to put temporary access into it. */
public final class AccessRoom implements AutoCloseable {
  public static final String OPERATOR = "room_operator";
  public static final String READER = "room_reader";
  public static final String WRITER = "room_writer";

  final TestDoor door;
  public final Database database;
  public final PostgresAccess source;
  final WriteMode writeMode;
  public final List<String> reported = new ArrayList<>();
  public final Sql sql;

  /** Happens after a change was made and before anybody looks at what is left. */
  public Runnable onReport = () -> {};

  private final TestDatabase server;
  private final Tasks tasks;
  private final List<Connection> open = new ArrayList<>();

  public AccessRoom(TestDatabase server, Tasks tasks) {
    this.server = server;
    this.tasks = tasks;
    this.sql = Sql.on(remember(connectAs("postgres")));
    role(OPERATOR, "login in role latchkey_operator");
    role(READER, "login");
    role(WRITER, "login");
    sql.row("select latchkey.set_temporary_access('enabled')");
    this.door = TestDoor.to(server);
    this.database = new Database(door.endpoint(server, OPERATOR));
    this.source = new PostgresAccess(database);
    this.writeMode = WriteMode.in(Environment.SANDBOX, Clock.systemUTC());
    database.signIn(Secret.of("any"));
  }

  public AccessChanges changes(ChangeReview review) {
    ChangeRunner runner =
        new ChangeRunner(
            database.door(),
            writeMode,
            review,
            List.of(new OwnAccessCheck(source, source)),
            tasks,
            done -> {
              reported.add(done);
              onReport.run();
            });
    return new AccessChanges(
        new AccessCalls(source, source), source, new Changes(runner, writeMode, database::ended));
  }

  public AccessViewModel model(ChangeReview review) {
    return model(review, Clock.systemUTC());
  }

  public AccessViewModel model(ChangeReview review, Clock clock) {
    return new AccessViewModel(source, Optional.of(changes(review)), tasks, clock);
  }

  /** Removes all members and what they have; events stay, they cannot be removed. */
  public void empty() {
    sql.execute(
        """
        truncate temporary_access.logins;
        truncate temporary_access.members cascade;
        update temporary_access.settings set max_duration = interval '90 days', reason_required = true,
          reason_pattern = null, self_granting = false, networks_required = false
        """);
  }

  public UUID member(String name) {
    return UUID.fromString(
        sql.text(
            "select user_id from latchkey.add_member(?, ?)",
            name.toLowerCase().replaceAll("[^a-z]+", ".") + "@acme.io",
            name));
  }

  public UUID grant(UUID member, String role, String length, String networks, String reason) {
    return UUID.fromString(
        sql.text(
            "select id from latchkey.grant_access(?, ?, now() + ?::interval, null, ?::cidr[], ?)",
            member,
            role,
            length,
            networks,
            reason));
  }

  public String token(UUID member) {
    return sql.text(
        "select latchkey.create_access_token(?, 'laptop', now() + interval '1 day') ->> 'token'",
        member);
  }

  /** A real session of {@code role}, let in by a token as a gatekeeper does it. */
  public Sql enter(String role, String token, String address) {
    Connection connection = remember(connectAs(role));
    Sql session = Sql.on(connection);
    int pid = (int) session.number("select pg_backend_pid()");
    String login =
        sql.text("select temporary_access.authorize(?, ?, ?::inet, ?)", role, token, address, pid);
    if (login == null) {
      throw new AssertionError("refused as " + role);
    }
    return session;
  }

  /** Has the console's own session be one by temporary access. */
  public void enterConsole(String token) {
    int pid =
        database.read(
            handle -> handle.createQuery("select pg_backend_pid()").mapTo(Integer.class).one());
    sql.text("select temporary_access.authorize(?, ?, '127.0.0.1'::inet, ?)", OPERATOR, token, pid);
  }

  public void refused(String role, String token, String address) {
    if (sql.text("select temporary_access.authorize(?, ?, ?::inet)", role, token, address)
        != null) {
      throw new AssertionError("let in as " + role);
    }
  }

  private void role(String name, String options) {
    if (sql.number("select count(*) from pg_roles where rolname = ?", name) == 0) {
      sql.execute("create role " + name + " " + options);
    }
  }

  private Connection connectAs(String role) {
    try {
      return server.connectAs(role);
    } catch (SQLException exception) {
      throw new IllegalStateException(exception);
    }
  }

  private Connection remember(Connection connection) {
    open.add(connection);
    return connection;
  }

  @Override
  public void close() {
    database.close();
    door.close();
    for (Connection connection : open) {
      try {
        connection.close();
      } catch (SQLException exception) {
        // The server ended it, as the test wanted.
        continue;
      }
    }
  }
}
