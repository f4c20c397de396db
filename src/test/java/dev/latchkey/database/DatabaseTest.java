package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DatabaseTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private TestDoor door;
  private Database database;

  @BeforeEach
  void open() {
    door = TestDoor.to(SERVER);
    database = new Database(door.endpoint(SERVER, "postgres"));
    database.signIn(Secret.of("any"));
  }

  @AfterEach
  void close() {
    database.close();
    door.close();
  }

  /** The call is the server's own words, and it works. */
  @Test
  void saysHowToEndTheSessionThatHoldsWhatAChangeNeeds() throws Exception {
    Sql sql = SERVER.sql();
    sql.execute("create role hint_reader login in role latchkey_operator");
    try (Connection holding = SERVER.connectAs("hint_reader")) {
      sql.rows("select latchkey.set_temporary_access('enabled')");
      String member = sql.text("select user_id from latchkey.add_member('held@example.org')");
      sql.rows(
          "select latchkey.grant_access(?::uuid, 'hint_reader', now() + interval '1 h', p_reason => 'x')",
          member);
      String token =
          sql.text(
              "select latchkey.create_access_token(?::uuid, 'laptop', now() + interval '1 h') ->> 'token'",
              member);
      String login =
          sql.text(
              "select temporary_access.authorize('hint_reader', ?, '192.0.2.1'::inet, ?)",
              token,
              (int) Sql.on(holding).number("select pg_backend_pid()"));
      String other = sql.text("select user_id from latchkey.add_member('other@example.org')");
      holding.setAutoCommit(false);
      Sql.on(holding).rows("select latchkey.block_member(?::uuid, 'x')", other);
      Call call =
          Call.to("latchkey.block_member")
              .uuid("p_user_id", UUID.fromString(other))
              .text("p_reason", "x");

      var failed =
          catchThrowableOfType(FailureException.class, () -> database.change(call)).failure();

      assertThat(failed.nextStep())
          .isEqualTo(
              "Nothing was changed and no session was ended. Try again when that is finished, "
                  + "or end it first: select latchkey.end_session('%s')".formatted(login));
      sql.rows(failed.nextStep().substring(failed.nextStep().indexOf("select ")));
      assertThat(database.change(call).get("status").asText()).isEqualTo("blocked");
      holding.abort(Runnable::run);
    } finally {
      sql.execute("drop role hint_reader");
    }
  }

  @Test
  void readsRows() {
    assertThat(number("select 41 + 1")).isEqualTo(42);
  }

  @Test
  void cannotWriteWhileReading() {
    assertThat(failure(() -> database.read(handle -> handle.execute("create table public.t ()"))))
        .isEqualTo(new DatabaseFailure.ServerReadOnly(database.endpoint().place()));
  }

  @Test
  void callsAFunctionByNamedArgumentsAndAnswersWithJson() {
    SERVER
        .sql()
        .execute(
            """
            create function public.twice(p_text text, p_times integer) returns table (answer text)
            language sql as $$ select repeat(p_text, p_times) $$
            """);
    Call call = Call.to("public.twice").integer("p_times", 2).text("p_text", "it's \\ $$ ' ; --");

    JsonNode answer = database.change(call);

    assertThat(answer.asText()).isEqualTo("it's \\ $$ ' ; --".repeat(2));
    assertThat(SERVER.sql().text(call.preview())).isEqualTo(answer.toString());
  }

  @Test
  void aFailedCallChangesNothing() {
    SERVER.sql().execute("create table public.made (at timestamptz)");
    SERVER
        .sql()
        .execute(
            """
            create function public.half() returns void language plpgsql as $$
            begin
              insert into public.made values (now());
              raise exception 'p_name: is blank' using errcode = '22023';
            end $$
            """);

    assertThat(failure(() -> database.change(Call.to("public.half"))))
        .isEqualTo(new DatabaseFailure.InvalidInput(Optional.of("p_name"), "p_name: is blank"));
    assertThat(SERVER.sql().text("select count(*) from public.made")).isEqualTo("0");
  }

  @Test
  void tellsAServerThatAcceptsNoChangesFromAConsoleThatIsReadOnly() {
    SERVER
        .sql()
        .execute(
            """
            create function public.count_up() returns void language plpgsql as
            $$ begin set local transaction_read_only = on; create table public.counted (); end $$
            """);
    assertThat(failure(() -> database.change(Call.to("public.count_up"))))
        .isEqualTo(new DatabaseFailure.ServerReadOnly(database.endpoint().place()));
  }

  @Test
  void tellsThatTheConnectionBrokeWhileReading() {
    CompletableFuture<Failure> told =
        CompletableFuture.supplyAsync(() -> failure(() -> number("select 1 from pg_sleep(30)")));
    untilRunning("pg_sleep(30)");

    door.cut();

    assertThat(told.orTimeout(20, TimeUnit.SECONDS).join())
        .isInstanceOf(DatabaseFailure.ConnectionLost.class);
  }

  @Test
  void saysThatTheOutcomeIsUnknownWhenTheConnectionBreaksDuringAChange() {
    SERVER
        .sql()
        .execute(
            """
            create function public.slow() returns integer language sql as
            $$ select 1 from pg_sleep(31) $$
            """);
    CompletableFuture<Failure> told =
        CompletableFuture.supplyAsync(() -> failure(() -> database.change(Call.to("public.slow"))));
    untilRunning("public.slow()");

    door.cut();

    assertThat(told.orTimeout(20, TimeUnit.SECONDS).join())
        .isInstanceOf(DatabaseFailure.OutcomeUnknown.class);
  }

  @Test
  void readsAgainAfterTheServerCameBack() {
    number("select 1");
    door.breakOpen();
    failure(() -> number("select 1"));

    assertThat(number("select 2")).isEqualTo(2);
  }

  @Test
  void stopsTheStatementWhenItsJobIsCancelled() {
    Tasks tasks = new BackgroundTasks(Runnable::run);
    List<Object> answers = new ArrayList<>();
    Tasks.Job job =
        tasks.start("Slow", () -> number("select 1 from pg_sleep(32)"), answers::add, answers::add);
    untilRunning("pg_sleep(32)");

    job.cancel();

    untilGone("pg_sleep(32)");
    assertThat(answers).isEmpty();
    assertThat(number("select 3")).isEqualTo(3);
  }

  @Test
  void leavesTheServerAloneOnceItHasRefusedTheToken() {
    SERVER.sql().execute("create role latchkey_test_ends login");
    try {
      Database ending = new Database(door.endpoint(SERVER, "latchkey_test_ends"));
      List<Failure> ends = new ArrayList<>();
      ending.onEnd(ends::add);
      ending.signIn(Secret.of("any"));
      SERVER.sql().execute("alter role latchkey_test_ends nologin");
      door.breakOpen();

      assertThat(failure(() -> ending.read(handle -> handle.execute("select 1"))))
          .isInstanceOf(DatabaseFailure.SignInRefused.class);
      int connections = door.accepted();
      for (int times = 0; times < 5; times++) {
        assertThat(failure(() -> ending.read(handle -> handle.execute("select 1"))))
            .isInstanceOf(DatabaseFailure.SignInRefused.class);
      }

      assertThat(door.accepted()).isEqualTo(connections);
      assertThat(ends).hasSize(1);
      assertThat(ending.ended()).isPresent();

      SERVER.sql().execute("alter role latchkey_test_ends login");
      ending.signIn(Secret.of("fresh"));
      assertThat(ending.ended()).isEmpty();
      ending.read(handle -> handle.execute("select 1"));
      ending.close();
    } finally {
      SERVER.sql().execute("drop role latchkey_test_ends");
    }
  }

  @Test
  void tellsApartWhoDoesNotAnswerWhoIsNoServerAndWhoLacksTheDatabase() throws IOException {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    assertThat(signInFailure(Endpoint.loopback(nobody, "app", "postgres")))
        .isInstanceOf(DatabaseFailure.Unreachable.class);

    try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAsAWebServer(web));
      assertThat(signInFailure(Endpoint.loopback(web.getLocalPort(), "app", "postgres")))
          .isInstanceOf(DatabaseFailure.NotPostgres.class);
    }

    Endpoint there = door.endpoint(SERVER, "postgres");
    assertThat(signInFailure(Endpoint.loopback(there.port(), "no such", "postgres")))
        .isEqualTo(
            new DatabaseFailure.NoSuchDatabase("no such", "database \"no such\" does not exist"));
    assertThat(
            signInFailure(
                new Endpoint(
                    "127.0.0.1",
                    there.port(),
                    SERVER.name(),
                    "postgres",
                    TlsMode.VERIFY_FULL,
                    Optional.empty(),
                    "")))
        .isInstanceOf(DatabaseFailure.TlsRefused.class);
    assertThat(
            signInFailure(
                new Endpoint(
                    "no-such-host.invalid",
                    5432,
                    "app",
                    "postgres",
                    TlsMode.DISABLE,
                    Optional.empty(),
                    "")))
        .isInstanceOf(DatabaseFailure.Unreachable.class);
  }

  private static void answerAsAWebServer(ServerSocket web) {
    while (!web.isClosed()) {
      try (var client = web.accept()) {
        client.getInputStream().read(new byte[64]);
        client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
      } catch (IOException exception) {
        return;
      }
    }
  }

  private static Failure signInFailure(Endpoint endpoint) {
    try (Database database = new Database(endpoint)) {
      return failure(
          () -> {
            database.signIn(Secret.of("jit_secret"));
            return 0;
          });
    }
  }

  private int number(String sql) {
    return database.read(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
  }

  private void untilRunning(String part) {
    until(part, "1");
  }

  private void untilGone(String part) {
    until(part, "0");
  }

  private void until(String part, String count) {
    String sql =
        """
        select count(*) from pg_stat_activity
         where state = 'active' and query like '%%%s%%' and pid <> pg_backend_pid()
        """
            .formatted(part);
    for (int times = 0; times < 500; times++) {
      if (SERVER.sql().text(sql).equals(count)) {
        return;
      }
      Thread.yield();
    }
    throw new AssertionError("never saw " + count + " of " + part);
  }

  private static Failure failure(Callable<?> work) {
    return catchThrowableOfType(FailureException.class, work::call).failure();
  }
}
