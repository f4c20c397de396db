package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.change.Environment;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.database.TlsMode;
import dev.latchkey.gatekeeper.GatekeptServer.Access;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.Sql;
import dev.latchkey.token.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Signing in with tokens to a real Debian PostgreSQL, through PAM, over TLS: who comes in, who does
 * not, and how it ends.
 */
final class GatekeeperEndToEndTest {
  /** Something that makes a token useless, and what the log of logins then says. */
  private record Refusal(String outcome, String because) {
    @Override
    public String toString() {
      return outcome;
    }
  }

  /** A colleague's hand on the tables; :user, :grant and :token stand for what was given. */
  private static final List<Refusal> REFUSALS =
      List.of(
          new Refusal("token_revoked", "select latchkey.revoke_access_token(:token::uuid, 'test')"),
          new Refusal(
              "token_expired",
              "update temporary_access.tokens set expires_at = now() where id = :token::uuid"),
          new Refusal("member_blocked", "select latchkey.block_member(:user::uuid, 'test')"),
          new Refusal("grant_revoked", "select latchkey.revoke_grant(:grant::uuid, 'test')"),
          new Refusal("no_grant", "delete from temporary_access.grants where id = :grant::uuid"),
          new Refusal(
              "grant_expired",
              """
              update temporary_access.grants
              set starts_at = now() - interval '2 hours', expires_at = now() where id = :grant::uuid
              """),
          new Refusal(
              "grant_not_started",
              """
              update temporary_access.grants
              set starts_at = now() + interval '30 minutes' where id = :grant::uuid
              """),
          new Refusal(
              "address_not_allowed",
              """
              update temporary_access.grants
              set allowed_cidrs = '{198.51.100.0/24}' where id = :grant::uuid
              """),
          new Refusal(
              "role_not_allowed",
              "update temporary_access.tokens set roles = '{other}' where id = :token::uuid"),
          new Refusal("disabled", "select latchkey.set_temporary_access('disabled')"));

  @RegisterExtension static final GatekeptServer SERVER = new GatekeptServer();

  @AfterEach
  void switchedOnAgain() throws Exception {
    SERVER.sql().rows("select latchkey.set_temporary_access('enabled')");
    SERVER.assertNothingLeft();
  }

  @Test
  void psqlSignsInOverVerifiedTls() {
    Access access = SERVER.access();
    Program.Outcome in =
        SERVER.psql(
            access.token(),
            "select current_user, ssl from pg_stat_ssl" + " where pid = pg_backend_pid()");
    assertThat(in.output().strip()).isEqualTo(GatekeptServer.ROLE + "|t");
    assertThat(SERVER.lastOutcome()).isEqualTo("accepted");
  }

  @Test
  void theConsoleSignsInAndIsToldWhenAccessEnds() throws Exception {
    Access access = SERVER.access(GatekeptServer.OPERATOR);
    Session session =
        new SignIn().into(endpoint(), Environment.PRODUCTION, Secret.of(access.token()));
    try (var database = session.database()) {
      assertThat(session.who().email()).contains(access.email());
      assertThat(session.who().operator()).isTrue();
      assertThat(session.who().accessEndsAt()).isPresent();

      SERVER.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grantId());
      var failure =
          catchThrowableOfType(
              FailureException.class, () -> database.read(sql -> sql.execute("select 1")));
      assertThat(failure).isNotNull();
      assertThat(database.ended())
          .hasValueSatisfying(ended -> assertThat(ended.endsAccess()).isTrue());
    }
  }

  @Test
  void theConsoleIsRefusedAsATokenIs() {
    var refused =
        catchThrowableOfType(
            FailureException.class,
            () ->
                new SignIn()
                    .into(
                        endpoint(),
                        Environment.PRODUCTION,
                        Secret.of(GatekeptServer.GENUINE_SHAPE)));
    assertThat(refused.failure())
        .isInstanceOfSatisfying(
            DatabaseFailure.SignInRefused.class,
            failure -> assertThat(failure.code()).isEqualTo("28000"));
  }

  @Test
  void twentyAtOnceAreEachTiedToTheirOwnProcess() throws Exception {
    List<Access> people = new ArrayList<>();
    for (int person = 0; person < 20; person++) {
      people.add(SERVER.access());
    }
    List<Connection> connections = SERVER.atOnce(20, people, SERVER::connect);
    try {
      for (int person = 0; person < people.size(); person++) {
        String pid = Sql.on(connections.get(person)).text("select pg_backend_pid()");
        assertThat(
                SERVER
                    .sql()
                    .row(
                        "select email, role, database, end_reason from latchkey.sessions where pid = ?::int",
                        pid))
            .containsEntry("email", people.get(person).email())
            .containsEntry("role", GatekeptServer.ROLE)
            .containsEntry("end_reason", null);
      }
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  @Test
  void anEventOfASessionNamesThePerson() throws Exception {
    Access access = SERVER.access(GatekeptServer.OPERATOR);
    try (Connection connection = SERVER.connect(GatekeptServer.OPERATOR, access.token())) {
      Sql.on(connection).rows("select latchkey.add_member('added-by-' || ?)", access.email());
    }
    assertThat(
            SERVER
                .sql()
                .row(
                    "select actor_type, actor_display from latchkey.events where object_label = ?",
                    "added-by-" + access.email()))
        .containsEntry("actor_type", "member")
        .containsEntry("actor_display", access.email());
  }

  @Test
  void aRoleMayHaveTheNameOfAnAttack() throws Exception {
    for (String name :
        List.of("we\"ird 'role'; --", "$(touch " + GatekeptServer.MARK + ")", "müller")) {
      SERVER.role(name, "login");
      Access access = SERVER.access(name);
      try (Connection connection = SERVER.connect(name, access.token())) {
        assertThat(Sql.on(connection).text("select current_user")).isEqualTo(name);
        assertThat(
                SERVER
                    .sql()
                    .text("select role from latchkey.sessions where email = ?", access.email()))
            .isEqualTo(name);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("REFUSALS")
  void everyRefusalLooksAlikeAndItsReasonIsLogged(Refusal refusal) {
    Access access = SERVER.access();
    SERVER
        .sql()
        .execute(
            refusal
                .because()
                .replace(":user", "'" + access.userId() + "'")
                .replace(":grant", "'" + access.grantId() + "'")
                .replace(":token", "'" + access.tokenId() + "'"));
    assertRefused(GatekeptServer.ROLE, access.token());
    assertThat(SERVER.lastOutcome()).isEqualTo(refusal.outcome());
    assertThat(
            SERVER
                .sql()
                .row(
                    "select client_addr::text, role from latchkey.logins order by at desc limit 1"))
        .containsEntry("client_addr", "127.0.0.1/32")
        .containsEntry("role", GatekeptServer.ROLE);
  }

  @Test
  void aTokenThatIsNotOursIsRefusedInTheSameWay() {
    Access access = SERVER.access();
    String unknown = SERVER.sql().text("select key from api_keys_private.generate_key('jit_')");
    assertRefused(GatekeptServer.ROLE, unknown);
    assertThat(SERVER.lastOutcome()).isEqualTo("unknown_token");
    String wrong =
        SERVER
            .sql()
            .text(
                "select body || api_keys_private.key_check(body) from (select ? as body) as made",
                access.token().substring(0, 31) + "0".repeat(32));
    assertRefused(GatekeptServer.ROLE, wrong);
    assertThat(SERVER.lastOutcome()).isEqualTo("wrong_secret");
    assertRefused(GatekeptServer.ROLE, access.token().substring(0, 68));
    assertThat(SERVER.lastOutcome()).isEqualTo("malformed");
    assertRefused(GatekeptServer.ROLE, GatekeptServer.GENUINE_SHAPE);
    assertThat(SERVER.lastOutcome()).isEqualTo("malformed");
  }

  @Test
  void aRoleThatIsMissingOrMayNotBeGrantedIsRefusedInTheSameWay() {
    Access access = SERVER.access();
    assertRefused("no_such_role", access.token());
    assertThat(SERVER.lastOutcome()).isEqualTo("no_grant");
    assertRefused(GatekeptServer.HELPER_ROLE + "2", access.token());
    SERVER.role("gatekept_boss", "superuser login");
    SERVER
        .sql()
        .execute(
            "update temporary_access.grants set role = 'gatekept_boss' where id = '"
                + access.grantId()
                + "'");
    assertRefused("gatekept_boss", access.token());
    assertThat(SERVER.lastOutcome()).isEqualTo("role_not_allowed");
  }

  @Test
  void anOrdinaryPasswordNeverLeavesTheHelper() {
    long before = SERVER.attempts();
    assertRefused(GatekeptServer.ROLE, "an ordinary password");
    assertThat(SERVER.attempts()).isEqualTo(before);
  }

  @Test
  void withoutTlsTheTokenIsTakenForAPassword() {
    Access access = SERVER.access();
    Program.Outcome out =
        SERVER.psql("sslmode=disable", GatekeptServer.ROLE, access.token(), "\\conninfo");
    assertThat(out.good()).isFalse();
    assertThat(out.output()).contains("password authentication failed");
    assertThat(SERVER.sqlState(GatekeptServer.ROLE, access.token(), "disable")).isEqualTo("28P01");
  }

  @Test
  void administratorsGoOnSigningInWithTheirPasswords() throws Exception {
    try (Connection connection = SERVER.connect(DebianServer.SUPERUSER, DebianServer.PASSWORD)) {
      assertThat(Sql.on(connection).text("select current_user")).isEqualTo(DebianServer.SUPERUSER);
    }
    assertThat(SERVER.sqlState(DebianServer.SUPERUSER, "wrong", "verify-full")).isEqualTo("28P01");
    assertThat(SERVER.sqlState(DebianServer.SUPERUSER, SERVER.access().token(), "verify-full"))
        .isEqualTo("28P01");
  }

  @Test
  void revokingEndsASessionInMidQuery() throws Exception {
    Access access = SERVER.access();
    Process psql = SERVER.startPsql(access.token(), "select 'started', pg_sleep(300)");
    SERVER.awaitTrue(
        "select count(*) = 1 from latchkey.sessions where email = ? and query ~ 'pg_sleep'",
        access.email());
    SERVER.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grantId());
    Program.Outcome ended = Program.outcome(psql, new byte[0]);
    assertThat(ended.good()).isFalse();
    assertThat(ended.output())
        .contains("terminating connection due to administrator command")
        .doesNotContain("started");
    assertThat(
            SERVER
                .sql()
                .row(
                    """
            select after ->> 'sessions_ended' as ended, after ->> 'sessions_left' as remaining
            from latchkey.events where type = 'grant.revoked' and object_id = ?
            """,
                    access.grantId()))
        .containsEntry("ended", "1")
        .containsEntry("remaining", "0");
    assertThat(SERVER.psql(access.token(), "select 1").output())
        .contains("PAM authentication failed");
  }

  @Test
  void revokingEndsASignInThatPamHasLetThroughAlready() throws Exception {
    Access access = SERVER.access();
    Path pam = DebianServer.pamFile(SERVER.service());
    String before = Files.readString(pam);
    try {
      Files.writeString(
          pam,
          before.replaceFirst("(?m)^account", "auth required pam_exec.so /bin/sleep 2\naccount"));
      try (ExecutorService one = Executors.newSingleThreadExecutor()) {
        Future<Program.Outcome> waiting =
            one.submit(() -> SERVER.psql(access.token(), "select 'in'"));
        SERVER.awaitTrue(
            "select count(*) = 1 from latchkey.logins where email = ? and accepted",
            access.email());
        assertThat(
                SERVER
                    .sql()
                    .number(
                        "select count(*) from latchkey.sessions where email = ?", access.email()))
            .as("not shown by the server yet")
            .isZero();
        SERVER.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grantId());
        assertThat(waiting.get().output()).doesNotContain("in\n");
        assertThat(waiting.get().good()).isFalse();
      }
    } finally {
      Files.writeString(pam, before);
    }
    assertThat(
            SERVER
                .sql()
                .number("select count(*) from latchkey.sessions where email = ?", access.email()))
        .isZero();
  }

  @Test
  void theTimerEndsWhatHasExpired() throws Exception {
    Access access = SERVER.access();
    Process psql = SERVER.startPsql(access.token(), "select pg_sleep(300)");
    SERVER.awaitTrue("select count(*) = 1 from latchkey.sessions where email = ?", access.email());
    SERVER
        .sql()
        .execute(
            """
            update temporary_access.grants
            set starts_at = now() - interval '2 hours', expires_at = now()
            where id = '%s'
            """
                .formatted(access.grantId()));
    Path unit = SERVER.server().units().resolve(SERVER.service() + "-enforce.service");
    List<String> lines = Files.readAllLines(unit);
    assertThat(lines).contains("User=postgres");
    String command =
        lines.stream().filter(line -> line.startsWith("ExecStart=")).findFirst().orElseThrow();
    DebianServer.must(DebianServer.asPostgres(command.substring(10).split(" ")));
    assertThat(Program.outcome(psql, new byte[0]).output())
        .contains("terminating connection due to administrator command");
    assertThat(
            SERVER
                .sql()
                .text("select ended_why from latchkey.logins where email = ?", access.email()))
        .isEqualTo("grant_expired");
    assertThat(
            SERVER
                .sql()
                .text(
                    "select code from latchkey.events where type = 'sessions.ended' and object_id = ?",
                    access.grantId()))
        .isEqualTo("grant_expired");
  }

  private static void assertRefused(String role, String token) {
    var failure =
        catchThrowableOfType(SQLException.class, () -> SERVER.connect(role, token).close());
    assertThat(failure.getSQLState()).isEqualTo("28000");
    assertThat(failure.getMessage())
        .isEqualTo("FATAL: PAM authentication failed for user \"" + role + "\"");
  }

  private static Endpoint endpoint() {
    return new Endpoint(
        "127.0.0.1",
        SERVER.server().port(),
        DebianServer.DATABASE,
        GatekeptServer.OPERATOR,
        TlsMode.VERIFY_FULL,
        Optional.of(SERVER.server().authority()),
        "");
  }
}
