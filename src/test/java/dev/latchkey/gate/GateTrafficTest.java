package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

class GateTrafficTest {
  private static final int ROWS = 200_000;

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  private static Doorway.Access access;

  @BeforeAll
  static void fill() {
    door.sql()
        .execute(
            """
            create table public.line (id integer, words text);
            insert into public.line
              select n, repeat(md5(n::text), n %% 7) || E'\\t\\\\ "ü"' from generate_series(1, %d) as n;
            create table public.copy (like public.line);
            grant select on public.line to gate_reader;
            grant select, insert on public.copy to gate_reader
            """
                .formatted(ROWS));
    access = door.access();
  }

  @Test
  void copyOutBringsTheSameBytesAsWithoutAGate() throws Exception {
    try (Connection through = door.connect(access);
        Connection direct = database.connectAs(Doorway.ROLE)) {
      assertThat(digestOfCopy(through)).isEqualTo(digestOfCopy(direct));
    }
  }

  @Test
  void copyInBringsEveryRow() throws Exception {
    var rows = new ByteArrayOutputStream();
    try (Connection direct = database.connectAs(Doorway.ROLE)) {
      copyOut(direct, rows);
    }
    try (Connection through = door.connect(access)) {
      long copied =
          through
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("copy public.copy from stdin", new ByteArrayInputStream(rows.toByteArray()));
      assertThat(copied).isEqualTo(ROWS);
    }
    assertThat(digestOfTable("public.copy")).isEqualTo(digestOfTable("public.line"));
  }

  @Test
  void aStatementCanBeCancelled() throws Exception {
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        Connection connection = door.connect(access);
        Statement statement = connection.createStatement()) {
      Future<Boolean> work = others.submit(() -> statement.execute("select pg_sleep(600)"));
      awaitActive("pg_sleep(600)");
      statement.cancel();

      var failure =
          catchThrowableOfType(ExecutionException.class, () -> work.get(30, TimeUnit.SECONDS));
      assertThat(((SQLException) failure.getCause()).getSQLState()).isEqualTo("57014");
      assertThat(Sql.on(connection).text("select 'still in'")).isEqualTo("still in");
    }
  }

  @Test
  void psqlSignsInAndIsRefusedAfterRevocation() throws Exception {
    Tool psql = Tool.orSkip("psql");
    Doorway.Access own = door.access();
    List<String> question = List.of(uri(), "-AtXc", "select current_user");
    Tool.Outcome in = psql.run(own.token(), question);
    assertThat(in.output().strip()).isEqualTo(Doorway.ROLE);
    assertThat(in.exitCode()).isZero();

    Process open = psql.start(own.token(), List.of(uri(), "-AtXc", "select pg_sleep(601)"));
    awaitActive("pg_sleep(601)");
    door.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", own.grantId());
    Tool.Outcome ended = Tool.outcome(open);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.output())
        .contains("FATAL:  terminating connection because temporary access has ended");

    Tool.Outcome refused = psql.run(own.token(), question);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.output())
        .contains("FATAL:  temporary access refused for role \"gate_reader\"");
  }

  @Test
  void psqlCancelsByControlC() throws Exception {
    Tool psql = Tool.orSkip("psql");
    Process open = psql.start(access.token(), List.of(uri(), "-AtXc", "select pg_sleep(602)"));
    awaitActive("pg_sleep(602)");
    new ProcessBuilder("kill", "-INT", Long.toString(open.pid())).start().waitFor();
    assertThat(Tool.outcome(open).output()).contains("canceling statement due to user request");
  }

  @Test
  void pgbenchRuns(@TempDir Path folder) throws Exception {
    Tool pgbench = Tool.orSkip("pgbench");
    Path script = Files.writeString(folder.resolve("one.sql"), "select 1;\n");
    for (String connect : List.of("", "-C")) {
      var arguments =
          new ArrayList<>(List.of("-n", "-c", "4", "-j", "2", "-t", "20", "-f", script.toString()));
      if (!connect.isEmpty()) {
        arguments.add(connect);
      }
      arguments.add(uri());
      Tool.Outcome done = pgbench.run(access.token(), arguments);
      assertThat(done.output()).contains("number of transactions actually processed: 80/80");
      assertThat(done.exitCode()).isZero();
    }
  }

  @Test
  void manySessionsAtOnceGetTheirOwnAnswers() throws Exception {
    try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers =
          IntStream.range(0, 20)
              .mapToObj(
                  number ->
                      others.submit(
                          () -> {
                            try (Connection connection = door.connect(access)) {
                              return Sql.on(connection)
                                  .text(
                                      "select string_agg(n::text, '') from generate_series(1, ?) n",
                                      number);
                            }
                          }))
              .toList();
      for (int number = 1; number < answers.size(); number++) {
        var expected = new StringBuilder();
        for (int n = 1; n <= number; n++) {
          expected.append(n);
        }
        assertThat(answers.get(number).get(60, TimeUnit.SECONDS)).isEqualTo(expected.toString());
      }
    }
  }

  private static String uri() {
    return "postgresql://%s@127.0.0.1:%d/%s"
        .formatted(Doorway.ROLE, door.port(), door.databaseName());
  }

  private static void awaitActive(String query) {
    door.awaitTrue(
        "select count(*) > 0 from latchkey.sessions where state = 'active' and query like ?",
        "%" + query + "%");
  }

  private static void copyOut(Connection connection, OutputStream out) throws Exception {
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("copy (select * from public.line order by id) to stdout", out);
  }

  private static String digestOfCopy(Connection connection) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    copyOut(connection, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String digestOfTable(String table) {
    return door.sql()
        .text("select md5(string_agg(md5(id || words), '' order by id)) from " + table);
  }
}
