package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gatekeeper.GatekeptServer.Access;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What strangers send instead of tokens and roles, and servers that do not answer: nobody comes in
 * and nothing is left.
 */
final class GatekeeperAttackTest {
  @RegisterExtension static final GatekeptServer SERVER = new GatekeptServer();

  @AfterEach
  void leaveNothingBehind() throws Exception {
    SERVER.assertNothingLeft();
  }

  static Stream<String> hostileTokens() {
    String touch = "touch " + GatekeptServer.MARK;
    String good = GatekeptServer.GENUINE_SHAPE;
    return Stream.of(
        "jit_'; select pg_sleep(100); --",
        "jit_\"\"\"'''\\'\\\"",
        "jit_`" + touch + "`",
        "jit_$(" + touch + ")",
        "jit_${IFS}" + touch,
        "jit_|" + touch + ";" + touch + "&",
        "jit_\n\\! " + touch + "\n",
        "jit_:'token' %s %n \\set x `" + touch + "`",
        good + "\n",
        "\n" + good,
        good + " ",
        good.substring(0, 68) + "\n",
        "jit_" + "x".repeat(507),
        "jit_" + "x".repeat(596),
        "jit_ü" + "x".repeat(64),
        "jit_" + "x".repeat(60_000));
  }

  @ParameterizedTest
  @MethodSource("hostileTokens")
  void aHostileTokenIsNothingButRefused(String token) throws Exception {
    assertThat(SERVER.signIn(GatekeptServer.ROLE, token)).isEqualTo("28000");
  }

  @Test
  void aTokenIsNeverComparedByItsBeginning() throws Exception {
    String token = SERVER.access().token();
    long before = SERVER.attempts();
    for (int length : new int[] {70, 510, 511, 512, 600}) {
      assertThat(SERVER.signIn(GatekeptServer.ROLE, token + "0".repeat(length - token.length())))
          .isEqualTo("28000");
      assertThat(SERVER.attempts()).isEqualTo(++before);
    }
    assertThat(SERVER.signIn(GatekeptServer.ROLE, token)).isEmpty();
  }

  @Test
  void aNulEndsTheSignIn() throws Exception {
    String token = SERVER.access().token();
    long before = SERVER.attempts();
    assertThat(SERVER.signIn(GatekeptServer.ROLE, token + "\0")).isEqualTo("08P01");
    assertThat(SERVER.signIn(GatekeptServer.ROLE, "jit_\0" + token)).isEqualTo("08P01");
    assertThat(SERVER.attempts()).isEqualTo(before);
  }

  @Test
  void anEmptyPasswordIsRefused() throws Exception {
    assertThat(SERVER.signIn(GatekeptServer.ROLE, "")).startsWith("28");
  }

  static Stream<byte[]> hostileRoles() {
    String touch = "touch " + GatekeptServer.MARK;
    return Stream.concat(
        Stream.of(
                "x'; drop table temporary_access.logins; --",
                "`" + touch + "`",
                "$(" + touch + ")",
                "\n\\! " + touch + "\n",
                GatekeptServer.ROLE + "\n",
                "\"" + GatekeptServer.ROLE + "\"",
                "PAM_TYPE=account",
                "-c",
                "r".repeat(200),
                "jit_" + "0".repeat(59),
                "ü€".repeat(12))
            .map(TlsClient::bytes),
        Stream.of(new byte[] {'r', (byte) 0xff, (byte) 0xc0}, new byte[] {(byte) 0xe4}));
  }

  @ParameterizedTest
  @MethodSource("hostileRoles")
  void aHostileRoleIsNothingButRefused(byte[] role) throws Exception {
    String token = SERVER.access().token();
    long before = SERVER.attempts();
    assertThat(TlsClient.signIn(SERVER.server(), role, TlsClient.bytes(token))).isEqualTo("28000");
    assertThat(SERVER.attempts()).isEqualTo(before + 1);
    assertThat(SERVER.sql().number("select count(*) from latchkey.logins where role ~ '^jit_0'"))
        .isZero();
  }

  @Test
  void aServerThatHangsLetsNobodyIn() throws Exception {
    Access access = SERVER.access();
    try (Connection blocker = SERVER.holdingTokens()) {
      assertThat(SERVER.signIn(GatekeptServer.ROLE, access.token())).isEqualTo("28000");
      assertThat(SERVER.server().helpersRunning()).isEmpty();
      blocker.rollback();
    }
    assertThat(SERVER.signIn(GatekeptServer.ROLE, access.token())).isEmpty();
  }

  @Test
  void aServerThatTakesNoConnectionsLetsNobodyIn() throws Exception {
    Access access = SERVER.access();
    try (var client = new TlsClient(SERVER.server())) {
      assertThat(client.begin(TlsClient.bytes(GatekeptServer.ROLE))).isEmpty();
      GatekeptServer.signal("STOP", SERVER.server().postmaster());
      try {
        assertThat(client.password(TlsClient.bytes(access.token()))).isEqualTo("28000");
        assertThat(SERVER.server().helpersRunning()).isEmpty();
      } finally {
        GatekeptServer.signal("CONT", SERVER.server().postmaster());
      }
    }
  }

  /** The three limits, by what the helper says in the end: none is measured against a clock. */
  @Test
  void theHelperSaysWhichOfItsLimitsWasReached() throws Exception {
    String token = SERVER.access().token();
    GatekeptServer.signal("STOP", SERVER.server().postmaster());
    try {
      assertRefused(SERVER.askHelper(token), "no answer within 3 seconds");
    } finally {
      GatekeptServer.signal("CONT", SERVER.server().postmaster());
    }
    try (Connection blocker = SERVER.holdingTokens()) {
      assertRefused(SERVER.askHelper(token), "SQLSTATE 57014");
      blocker.rollback();
    }
    try (Connection blocker = SERVER.holdingTokens();
        var others = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = others.submit(() -> SERVER.askHelper(token));
      long frozen = SERVER.freezeWaitingHelper();
      try {
        assertRefused(asked.get(), "no answer within 4 seconds");
      } finally {
        GatekeptServer.signal("CONT", frozen);
      }
      blocker.rollback();
    }
    SERVER.assertNothingLeft();
    assertThat(SERVER.askHelper(token).good()).isTrue();
  }

  private static void assertRefused(Program.Outcome outcome, String why) {
    assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(2);
    assertThat(outcome.output()).contains("cannot decide: " + why);
    assertThat(SERVER.server().helpersRunning()).isEmpty();
  }

  @Test
  void aServerWithoutAFreeConnectionLetsNobodyIn() throws Exception {
    Access access = SERVER.access();
    SERVER.sql().execute("alter role " + GatekeptServer.HELPER_ROLE + " connection limit 0");
    try {
      assertThat(SERVER.signIn(GatekeptServer.ROLE, access.token())).isEqualTo("28000");
    } finally {
      SERVER.sql().execute("alter role " + GatekeptServer.HELPER_ROLE + " connection limit -1");
    }
    List<Connection> all = new ArrayList<>();
    try (var client = new TlsClient(SERVER.server())) {
      assertThat(client.begin(TlsClient.bytes(GatekeptServer.ROLE))).isEmpty();
      Program.Outcome check = fillAndCheck(all);
      assertThat(check.output()).contains("SQLSTATE 53300");
      assertThat(client.password(TlsClient.bytes(access.token()))).isEqualTo("28000");
    } finally {
      for (Connection connection : all) {
        connection.close();
      }
    }
    SERVER.awaitTrue("select count(*) < 20 from pg_stat_activity");
    assertThat(SERVER.signIn(GatekeptServer.ROLE, access.token())).isEmpty();
  }

  @Test
  void aHundredBadSignInsLeaveNothingBehind() throws Exception {
    Access access = SERVER.access();
    List<String> tokens = new ArrayList<>();
    for (int attempt = 0; attempt < 100; attempt++) {
      tokens.add(attempt % 10 == 9 ? access.token() : GatekeptServer.GENUINE_SHAPE);
    }
    List<String> states =
        SERVER.atOnce(10, tokens, token -> SERVER.signIn(GatekeptServer.ROLE, token));
    for (int attempt = 0; attempt < 100; attempt++) {
      assertThat(states.get(attempt)).isEqualTo(attempt % 10 == 9 ? "" : "28000");
    }
  }

  @Test
  void nobodyElseIsTakenForTheGatekeeper() {
    assertThat(SERVER.sqlState(GatekeptServer.HELPER_ROLE, "anything", "verify-full"))
        .isEqualTo("28000");
    assertThat(SERVER.sqlState(GatekeptServer.HELPER_ROLE, "anything", "disable"))
        .isEqualTo("28000");
    Program.Outcome root = Program.run(helperPsql(DebianServer.DATABASE));
    assertThat(root.output()).contains("Peer authentication failed");
    Program.Outcome elsewhere =
        Program.run(DebianServer.asPostgres(helperPsql("postgres").toArray(String[]::new)));
    assertThat(elsewhere.output()).contains("pg_hba.conf rejects connection");
    assertThat(
            SERVER
                .sql()
                .truth("select temporary_access.role_assignable(?)", GatekeptServer.HELPER_ROLE))
        .isFalse();
    assertThat(
            SERVER
                .sql()
                .text(
                    """
            select string_agg(roleid::regrole::text, ',')
            from pg_auth_members where member = ?::regrole
            """,
                    GatekeptServer.HELPER_ROLE))
        .isEqualTo("latchkey_gatekeeper");
    assertThat(
            SERVER
                .sql()
                .truth(
                    """
            select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
              or rolpassword is not null
            from pg_authid where rolname = ?
            """,
                    GatekeptServer.HELPER_ROLE))
        .isFalse();
  }

  private static List<String> helperPsql(String database) {
    Path folder = SERVER.server().socket().getParent();
    return List.of(
        "psql",
        "-X",
        "-w",
        "-h",
        folder.toString(),
        "-p",
        "" + SERVER.server().port(),
        "-U",
        GatekeptServer.HELPER_ROLE,
        "-d",
        database,
        "-c",
        "select 1");
  }

  /** Takes every connection that is not reserved, and asks the helper whether it could decide. */
  private static Program.Outcome fillAndCheck(List<Connection> all) {
    var source =
        SERVER
            .server()
            .dataSource(DebianServer.DATABASE, DebianServer.SUPERUSER, DebianServer.PASSWORD);
    Program.Outcome check = check();
    while (check.good() && all.size() < 100) {
      for (int more = 0; more < 8; more++) {
        try {
          all.add(source.getConnection());
        } catch (SQLException full) {
          assertThat(full.getSQLState()).isEqualTo("53300");
          return check();
        }
      }
      check = check();
    }
    return check;
  }

  private static Program.Outcome check() {
    return Program.run(
        DebianServer.asPostgres(
            SERVER.helper().toString(),
            "check",
            SERVER.server().socket().toString(),
            DebianServer.DATABASE));
  }
}
