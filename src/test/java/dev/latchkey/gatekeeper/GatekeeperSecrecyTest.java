package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gatekeeper.GatekeptServer.Access;
import dev.latchkey.testing.Sql;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No token reaches a log or a view, however much the server logs. */
final class GatekeeperSecrecyTest {
  @RegisterExtension static final GatekeptServer SERVER = new GatekeptServer();

  @AfterEach
  void leaveNothingBehind() throws Exception {
    SERVER.assertNothingLeft();
  }

  @Test
  void noTokenReachesALogOrAViewHoweverMuchIsLogged() throws Exception {
    Access access = SERVER.access();
    String unknown = SERVER.sql().text("select key from api_keys_private.generate_key('jit_')");
    logEverything();
    try {
      SERVER.sql().execute("create extension if not exists pg_stat_statements");
      assertThat(SERVER.signIn(GatekeptServer.ROLE, access.token())).isEmpty();
      assertThat(SERVER.signIn(GatekeptServer.ROLE, unknown)).isEqualTo("28000");
      assertThat(SERVER.signIn(GatekeptServer.ROLE, unknown + "x")).isEqualTo("28000");
      try (Connection blocker =
          SERVER
              .server()
              .dataSource(DebianServer.DATABASE, DebianServer.SUPERUSER, DebianServer.PASSWORD)
              .getConnection()) {
        blocker.setAutoCommit(false);
        Sql.on(blocker).execute("lock table temporary_access.tokens in access exclusive mode");
        try (ExecutorService one = Executors.newSingleThreadExecutor()) {
          Future<String> waiting =
              one.submit(() -> SERVER.signIn(GatekeptServer.ROLE, access.token()));
          SERVER.awaitTrue(
              "select count(*) = 1 from pg_stat_activity where usename = ? and wait_event_type = 'Lock'",
              GatekeptServer.HELPER_ROLE);
          assertThat(
                  SERVER
                      .sql()
                      .text(
                          "select coalesce(query, '') from pg_stat_activity where usename = ?",
                          GatekeptServer.HELPER_ROLE))
              .doesNotContain("authorize");
          assertThat(waiting.get()).isEqualTo("28000");
        }
        blocker.rollback();
      }
      SERVER.sql().rows("select 'marker' || ?", "-of-this-test");
      SERVER.sql().rows("select count(*) from latchkey.sessions");
      String statements =
          SERVER.sql().text("select string_agg(query, chr(10)) from pg_stat_statements");
      assertThat(statements)
          .contains("latchkey.sessions")
          .doesNotContain(secret(access.token()), secret(unknown));
    } finally {
      SERVER.sql().execute("alter system reset all");
      SERVER.sql().rows("select pg_reload_conf()");
    }
    String log = Files.readString(SERVER.server().log(), StandardCharsets.ISO_8859_1);
    assertThat(log.contains("-of-this-test")).as("parameters are logged for others").isTrue();
    assertThat(log.contains("DEBUG:  ")).as("debug messages are logged").isTrue();
    for (String token : List.of(access.token(), unknown)) {
      assertThat(log.contains(secret(token))).as("secret of a token").isFalse();
      assertThat(log.contains(hex(secret(token)))).as("secret of a token in hex").isFalse();
    }
  }

  @Test
  void aServerThatWouldLogTokensIsSentNone() throws Exception {
    Access access = SERVER.access();
    SERVER.sql().execute("alter system set log_statement = 'all'");
    SERVER.sql().execute("alter role " + GatekeptServer.HELPER_ROLE + " reset log_statement");
    SERVER
        .sql()
        .execute("alter role " + GatekeptServer.HELPER_ROLE + " reset log_parameter_max_length");
    SERVER.sql().rows("select pg_reload_conf()");
    try {
      assertThat(SERVER.signIn(GatekeptServer.ROLE, access.token())).isEqualTo("28000");
    } finally {
      SERVER
          .sql()
          .execute("alter role " + GatekeptServer.HELPER_ROLE + " set log_statement = none");
      SERVER
          .sql()
          .execute(
              "alter role " + GatekeptServer.HELPER_ROLE + " set log_parameter_max_length = 0");
      SERVER.sql().execute("alter system reset all");
      SERVER.sql().rows("select pg_reload_conf()");
    }
    String log = Files.readString(SERVER.server().log(), StandardCharsets.ISO_8859_1);
    assertThat(log.contains(secret(access.token()))).isFalse();
    assertThat(SERVER.signIn(GatekeptServer.ROLE, access.token())).isEmpty();
  }

  private static void logEverything() {
    for (String setting :
        List.of(
            "log_statement = 'all'",
            "log_min_duration_statement = 0",
            "log_min_error_statement = debug5",
            "log_min_messages = debug5",
            "log_parameter_max_length = -1",
            "log_parameter_max_length_on_error = -1",
            "log_connections = on",
            "log_disconnections = on",
            "log_lock_waits = on",
            "deadlock_timeout = '200ms'",
            "log_error_verbosity = verbose",
            "debug_print_parse = on",
            "debug_print_rewritten = on",
            "debug_print_plan = on",
            "auto_explain.log_min_duration = 0",
            "auto_explain.log_nested_statements = on",
            "auto_explain.log_verbose = on",
            "pg_stat_statements.track = 'all'")) {
      SERVER.sql().execute("alter system set " + setting);
    }
    SERVER.sql().rows("select pg_reload_conf()");
  }

  /** The 32 digits that must not be known. */
  private static String secret(String token) {
    return token.substring(31, 63);
  }

  private static String hex(String text) {
    return java.util.HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
