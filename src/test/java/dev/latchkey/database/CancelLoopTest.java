package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.change.Request;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever shares the operator's role cancels his own end in a loop. */
final class CancelLoopTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private static final String ROLE = "cancel_loop_operator";

  private final List<Connection> opened = new ArrayList<>();
  private final List<Disturbance> disturbances = new CopyOnWriteArrayList<>();
  private TestDoor door;
  private Database database;
  private UUID member;
  private String token;

  @BeforeEach
  void open() {
    Sql sql = SERVER.sql();
    sql.execute("create role cancel_loop_operator login in role latchkey_operator");
    sql.execute("alter role latchkey_gatekeeper login");
    sql.rows("select latchkey.set_temporary_access('enabled')");
    member =
        UUID.fromString(
            sql.text(
                "select user_id from latchkey.add_member(?)", UUID.randomUUID() + "@acme.example"));
    sql.rows(
        "select latchkey.grant_access(?::uuid, ?, now() + interval '1 h', p_reason => 'x')",
        member.toString(),
        ROLE);
    token =
        sql.text(
            "select latchkey.create_access_token(?::uuid, 'x', now() + interval '1 h') ->> 'token'",
            member.toString());
    door = TestDoor.to(SERVER);
    database = new Database(door.endpoint(SERVER, ROLE));
    database.signIn(Secret.of("any"));
    database.read(handle -> handle.execute("select 1"));
    database.onDisturbed(disturbances::add);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
    door.close();
    SERVER
        .sql()
        .rows("select pg_terminate_backend(pid) from pg_stat_activity where usename = ?", ROLE);
    SERVER
        .sql()
        .execute(
            """
            delete from temporary_access.grants where role = 'cancel_loop_operator';
            delete from temporary_access.role_settings where role = 'cancel_loop_operator';
            drop owned by cancel_loop_operator;
            drop role cancel_loop_operator;
            """);
    for (Connection connection : opened) {
      try (connection) {
        connection.abort(Runnable::run);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0.002", "1, 0", "3, 0"})
  void freezingGetsThroughACancelLoop(int sessions, String pause) throws Exception {
    for (int session = 0; session < sessions; session++) {
      session();
    }
    opened.forEach(session -> cancelInALoop(session, pause));

    database.door().make(freeze());

    assertThat(SERVER.sql().text("select status from latchkey.members where user_id = ?", member))
        .isEqualTo("blocked");
    assertThat(
            SERVER.sql().number("select count(*) from latchkey.sessions where user_id = ?", member))
        .isZero();
    assertThat(disturbances).allMatch(Disturbance::made);
  }

  @Test
  void whoMayCancelIsNamedAlsoWhenHeCancelsTheQuestion() throws Exception {
    session();
    assertThat(SERVER.sqlAs(ROLE).texts("select latchkey.who_may_cancel()"))
        .anyMatch(name -> name.contains("@acme.example as cancel_loop_operator (process "));
  }

  /** The database says how often it was cancelled; a sequence is not rolled back. */
  @Test
  void aCancelledChangeIsTriedAgainAndTold() throws Exception {
    session();
    SERVER
        .sql()
        .execute(
            """
            create sequence public.tries;
            grant usage on sequence public.tries to cancel_loop_operator;
            create function public.third_time() returns text language plpgsql as $$
            begin
              if nextval('public.tries') < 3 then
                raise query_canceled;
              end if;
              return 'made';
            end
            $$;
            """);
    assertThat(database.door().make(Call.to("public.third_time")).asText()).isEqualTo("made");
    assertThat(disturbances).hasSize(1);
    assertThat(disturbances.getFirst().sentence())
        .startsWith(
            "Somebody cancelled this 2 times; it was made all the same. Who may have done it: ")
        .contains("@acme.example as cancel_loop_operator (process ");
    SERVER.sql().execute("drop function public.third_time(); drop sequence public.tries");
  }

  private Request freeze() {
    return Call.to("latchkey.freeze_member").uuid("p_user_id", member).text("p_reason", "x");
  }

  /** A session that a login with the member's token got. */
  private Connection session() throws SQLException {
    Connection connection = SERVER.connectAs(ROLE);
    opened.add(connection);
    String login =
        SERVER
            .sqlAs("latchkey_gatekeeper")
            .text("select temporary_access.authorize(?, ?, '192.0.2.1'::inet)", ROLE, token);
    assertThat(
            SERVER
                .sqlAs("latchkey_gatekeeper")
                .truth(
                    "select temporary_access.attach_login(?, ?)",
                    login,
                    (int) Sql.on(connection).number("select pg_backend_pid()")))
        .isTrue();
    return connection;
  }

  private static void cancelInALoop(Connection session, String pause) {
    Thread.ofVirtual()
        .start(
            () ->
                catchThrowableOfType(
                    SQLException.class,
                    () ->
                        session
                            .createStatement()
                            .execute(
                                """
                                do $$
                                begin
                                  loop
                                    perform pg_stat_clear_snapshot();
                                    perform pg_cancel_backend(pid)
                                    from pg_stat_activity
                                    where usename = current_user and pid <> pg_backend_pid() and query !~ 'pg_cancel_backend';
                                    perform pg_sleep(%s);
                                  end loop;
                                end
                                $$
                                """
                                    .formatted(pause))));
  }
}
