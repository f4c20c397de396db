package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latchkey.database.Migrations;
import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What a server can be set to do: a server of its own, with a short queue and replication. */
final class ServerHolesTest {
  @TempDir(cleanup = CleanupMode.ALWAYS)
  static Path folder;

  private static EmbeddedServer server;
  private static boolean hasShortQueue;

  @BeforeAll
  static void startServer() throws IOException {
    Path data = Files.createDirectory(folder.resolve("server"));
    TestPostgres postgres = TestPostgres.ofThisRun();
    try (EmbeddedServer first = EmbeddedServer.start(postgres.settings(data))) {
      Sql sql = Sql.on(first.address().dataSource("postgres", "postgres"));
      sql.execute("alter system set wal_level = 'logical'");
      sql.execute("alter system set max_wal_senders = 4");
      hasShortQueue = sql.number("select current_setting('server_version_num')::integer") >= 170000;
      if (hasShortQueue) {
        sql.execute("alter system set max_notify_queue_pages = 64");
      }
    }
    server = EmbeddedServer.start(postgres.settings(data));
    sql("postgres").execute("create database latchkey");
    sql("latchkey").execute(Migrations.script());
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static Sql sql(String database) {
    return Sql.on(server.address().dataSource(database, "postgres"));
  }

  @Test
  void whatWasWrittenStaysUnderLogicalReplicationToo() throws InterruptedException {
    Sql sql = sql("latchkey");
    sql("postgres").execute("create database elsewhere");
    Sql elsewhere = sql("elsewhere");
    elsewhere.execute("create schema audit");
    String columns =
        sql.text(
            """
            select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum)
            from pg_attribute where attrelid = 'audit.events'::regclass and attnum > 0
            """);
    elsewhere.execute("create table audit.events (" + columns + ", primary key (id))");
    sql.row("select latchkey.switch_legacy_key('anon', false)");
    String event = sql.text("select id from audit.events order by id desc limit 1");
    elsewhere.execute(
        """
        insert into audit.events (id, version, type, occurred_at, actor_id, actor_type, actor_display, object_type, action, outcome, txid, entry)
        values ('%s', 1, 'forged', now(), 'x', 'x', 'x', 'x', 'x', 'ok', '1', 'x')
        """
            .formatted(event));
    elsewhere.execute("create publication forgery for table audit.events");
    elsewhere.row("select pg_create_logical_replication_slot('forgery', 'pgoutput')");
    sql.execute(
        "create subscription forgery connection 'host=%s port=%d dbname=elsewhere user=postgres' publication forgery with (create_slot = false, slot_name = forgery, copy_data = false)"
            .formatted(server.address().socket().getParent(), server.address().port()));

    elsewhere.execute("delete from audit.events");

    String refusal = "audit.events is append-only: delete is refused";
    boolean refused = false;
    for (int tries = 0; tries < 1500 && !refused; tries++) {
      assertThat(sql.number("select count(*) from audit.events where id = '%s'".formatted(event)))
          .isOne();
      refused = log().contains(refusal);
      Thread.sleep(20);
    }
    assertThat(refused).as("the subscription was refused").isTrue();
    sql.execute(
        "alter subscription forgery disable; alter subscription forgery set (slot_name = none); drop subscription forgery");
  }

  @Test
  void aFullQueueOfNotificationsRefusesNoRevocation() throws SQLException {
    assumeThat(hasShortQueue).as("a queue that can be filled in a test, from 17 on").isTrue();
    Sql sql = sql("latchkey");
    sql.execute("create role queue_reader login");
    sql.row("select latchkey.set_temporary_access('enabled')");
    String member =
        sql.text("select user_id from latchkey.add_member('ada@example.com', 'Ada', null)");
    String grant =
        sql.text(
            "select id from latchkey.grant_access('%s', 'queue_reader', now() + interval '1 day', null, null, 'Why')"
                .formatted(member));
    try (Connection listening =
        server.address().dataSource("latchkey", "postgres").getConnection()) {
      Sql.on(listening).execute("listen hostile");
      listening.setAutoCommit(false);
      Sql.on(listening).number("select count(*) from pg_class");
      SqlFailure full = null;
      for (int times = 0; times < 5000 && full == null; times++) {
        full =
            catchThrowableOfType(
                SqlFailure.class,
                () ->
                    sql.row(
                        "select pg_notify('hostile', repeat('x', 7900)) from generate_series(1, 1)"));
      }
      assertThat(full).as("the queue is full").isNotNull();

      assertThat(sql.text("select status from latchkey.revoke_grant(?::uuid, 'Over')", grant))
          .isEqualTo("revoked");
      sql.row("select latchkey.freeze_member(?::uuid, 'Over')", member);
      assertThat(sql.truth("select is_on from latchkey.switch_http_gate(true)")).isTrue();
      sql.row("select latchkey.set_temporary_access('disabled')");
      listening.rollback();
    }
  }

  private static String log() {
    try {
      return Files.readString(server.log());
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
