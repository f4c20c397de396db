package dev.latchkey.keys;

import dev.latchkey.change.ChangeReview;
import dev.latchkey.change.ChangeRunner;
import dev.latchkey.change.Changes;
import dev.latchkey.change.Environment;
import dev.latchkey.change.WriteMode;
import dev.latchkey.database.Database;
import dev.latchkey.keys.screen.KeysViewModel;
import dev.latchkey.scopes.PostgresScopes;
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

/** One console's way to the test database, and short ways to put keys into it. */
public final class KeyRoom implements AutoCloseable {
  public final TestDoor door;
  public final Database database;
  public final PostgresKeys source;
  public final WriteMode writeMode;
  public final List<String> reported = new ArrayList<>();
  public final Sql sql;
  private final Tasks tasks;
  private final Connection connection;

  public KeyRoom(TestDatabase server, Tasks tasks, Environment environment) {
    this.tasks = tasks;
    this.connection = connect(server);
    this.sql = Sql.on(connection);
    this.door = TestDoor.to(server);
    this.database = new Database(door.endpoint(server, "postgres"));
    this.source = new PostgresKeys(database);
    this.writeMode = WriteMode.in(environment, Clock.systemUTC());
    database.signIn(Secret.of("any"));
  }

  public KeyRoom(TestDatabase server, Tasks tasks) {
    this(server, tasks, Environment.SANDBOX);
  }

  public KeyChanges changes(ChangeReview review) {
    ChangeRunner runner =
        new ChangeRunner(database.door(), writeMode, review, List.of(), tasks, reported::add);
    return new KeyChanges(new KeyCalls(source), new Changes(runner, writeMode, database::ended));
  }

  public KeysViewModel model(ChangeReview review) {
    return new KeysViewModel(
        source,
        new PostgresScopes(database),
        Optional.of(changes(review)),
        tasks,
        Clock.systemUTC());
  }

  /** Removes every key, log line and account; events stay, they cannot be removed. */
  public void empty() {
    sql.execute(
        """
        truncate api_keys_private.api_keys;
        truncate api_keys_private.api_key_logs;
        truncate public.accounts cascade
        """);
  }

  public UUID account(String name) {
    return UUID.fromString(
        sql.text(
            "insert into public.accounts (name, slug) values (?, ?) returning id",
            name,
            name.toLowerCase().replace(' ', '-') + "-" + UUID.randomUUID()));
  }

  public UUID scoped(UUID account, String name, String scopes) {
    return UUID.fromString(
        sql.text(
            "select public.create_api_key(?, ?, ?::jsonb, null) ->> 'id'", account, name, scopes));
  }

  public UUID project(String kind, String name) {
    return UUID.fromString(
        sql.text("select latchkey.create_project_key(?, ?) ->> 'id'", kind, name));
  }

  public void set(UUID id, String assignments) {
    sql.execute("update api_keys_private.api_keys set " + assignments + " where id = ?", id);
  }

  public void calls(UUID id, int daysAgo, int count, int status) {
    sql.execute(
        """
        insert into api_keys_private.api_key_logs
          (api_key_id, endpoint, method, status_code, ip_address, user_agent, timestamp, outcome)
        select ?, '/rest/v1/documents', 'GET', ?, '198.51.100.24', 'test',
          date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
            - make_interval(days => ?) + make_interval(secs => n),
          case when ? in (401, 403) then 'denied' when ? >= 500 then 'server_error'
            when ? >= 400 then 'client_error' else 'ok' end
        from generate_series(0, ? - 1) as n
        """,
        id,
        status,
        daysAgo,
        status,
        status,
        status,
        count);
  }

  private static Connection connect(TestDatabase server) {
    try {
      return server.connect();
    } catch (SQLException exception) {
      throw new IllegalStateException(exception);
    }
  }

  @Override
  public void close() {
    database.close();
    door.close();
    try {
      connection.close();
    } catch (SQLException exception) {
      throw new IllegalStateException(exception);
    }
  }
}
