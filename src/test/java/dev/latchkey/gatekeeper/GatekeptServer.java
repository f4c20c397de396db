package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A Debian server with the gatekeeper installed for one test class, for every role that no other
 * line is for; members, grants and tokens for it. One server serves all classes of a test process.
 */
public final class GatekeptServer implements BeforeAllCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(GatekeptServer.class);

  /** The role that the helper signs in as. */
  static final String HELPER_ROLE = "latchkey_gatekeeper_pam";

  /** Right in all but the check digits. */
  static final String GENUINE_SHAPE = "jit_" + "0".repeat(65);

  /** What the commands of the attacks would make. */
  static final Path MARK = Path.of("/tmp/latchkey-gatekeeper-attack");

  /** A role that is entered by token only. */
  public static final String ROLE = "gatekept_support";

  /** Likewise; a member of latchkey_operator. */
  static final String OPERATOR = "gatekept_operator";

  /**
   * As Debian writes it, and an administrator's scram line for remote use, over TLS and without.
   */
  public static final String HBA =
      """
      # Comment of the administrator.
      local   all             postgres                                peer
      local   all             all                                     peer

      host    all             postgres        127.0.0.1/32            scram-sha-256
      hostnossl all           all             127.0.0.1/32            scram-sha-256
      local   replication     all                                     peer
      """;

  private static final String WAITING_HELPER =
      """
      select %s
      from pg_locks
      where relation = 'temporary_access.tokens'::regclass and not granted
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A member with a grant of {@link #ROLE} and a token. */
  public record Access(String userId, String email, String grantId, String tokenId, String token) {}

  private final String service = "latchkey_test_" + UUID.randomUUID().toString().substring(0, 8);
  private final boolean install;
  private DebianServer server;

  public GatekeptServer() {
    this(true);
  }

  private GatekeptServer(boolean install) {
    this.install = install;
  }

  /** Without the gatekeeper: for tests of installing it. */
  public static GatekeptServer bare() {
    return new GatekeptServer(false);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    server =
        context
            .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
            .computeIfAbsent(
                DebianServer.class, key -> DebianServer.startOrSkip(), DebianServer.class);
    server.writeHba(HBA);
    role(ROLE, "login");
    role(OPERATOR, "login in role latchkey_operator");
    sql().rows("select latchkey.set_temporary_access('enabled')");
    if (install) {
      Program.Outcome done = server.install(service, "--unit-dir", server.units().toString());
      assertThat(done.good()).as(done.output()).isTrue();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (server != null && Files.exists(DebianServer.state(service))) {
      Program.Outcome done = server.uninstall(service);
      assertThat(done.good()).as(done.output()).isTrue();
      assertThat(Files.readString(server.hbaFile())).isEqualTo(HBA);
    }
  }

  public DebianServer server() {
    return server;
  }

  String service() {
    return service;
  }

  Path helper() {
    return DebianServer.helper(service);
  }

  public Sql sql() {
    return server.sql();
  }

  public void role(String name, String options) {
    if (sql().number("select count(*) from pg_roles where rolname = ?", name) == 0) {
      sql().execute("create role \"" + name.replace("\"", "\"\"") + "\" " + options);
    }
  }

  /** A new member with a grant for an hour and a token for a day, from anywhere. */
  public Access access() {
    return access(ROLE);
  }

  Access access(String role) {
    String email = "person-" + UUID.randomUUID().toString().substring(0, 8) + "@example.com";
    String userId = sql().text("select user_id from latchkey.add_member(?)", email);
    var token =
        sql()
            .row(
                """
                select made ->> 'id' as id, made ->> 'token' as token
                from latchkey.create_access_token(?::uuid, 'test', now() + interval '1 day') as made
                """,
                userId);
    return new Access(
        userId,
        email,
        grant(userId, role),
        token.get("id").toString(),
        token.get("token").toString());
  }

  private String grant(String userId, String role) {
    return sql()
        .text(
            """
            select id
            from latchkey.grant_access(?::uuid, ?, now() + interval '1 hour', null, '{}', 'test')
            """,
            userId,
            role);
  }

  public Connection connect(String role, String token) throws SQLException {
    return server.dataSource(DebianServer.DATABASE, role, token).getConnection();
  }

  Connection connect(Access access) throws SQLException {
    return connect(ROLE, access.token());
  }

  /** What the log of logins says about the last attempt. */
  String lastOutcome() {
    return sql().text("select outcome from latchkey.logins order by at desc, id desc limit 1");
  }

  /** Those that were too many for their minute are counted, not listed. */
  long attempts() {
    return sql()
        .number(
            """
            select (select count(*) from temporary_access.logins)
              + (select coalesce(sum(attempts), 0) from temporary_access.noise)
            """);
  }

  /** The installed helper with its arguments, as the server's OS user. */
  List<String> helperCommand() {
    return DebianServer.asPostgres(
        helper().toString(), server.socket().toString(), DebianServer.DATABASE);
  }

  /** Asks the helper as PAM does; it says why it cannot decide, which PAM keeps to itself. */
  Program.Outcome askHelper(String token) {
    return Program.run(
        helperCommand(), Map.of("PAM_TYPE", "auth", "PAM_USER", ROLE), TlsClient.bytes(token));
  }

  /** A superuser's transaction that keeps the helper from looking at tokens; the caller ends it. */
  Connection holdingTokens() throws SQLException {
    Connection blocker =
        server
            .dataSource(DebianServer.DATABASE, DebianServer.SUPERUSER, DebianServer.PASSWORD)
            .getConnection();
    blocker.setAutoCommit(false);
    Sql.on(blocker).execute("lock table temporary_access.tokens in access exclusive mode");
    return blocker;
  }

  /** Freezes the server process that the helper waits for, once that waits itself; its pid. */
  long freezeWaitingHelper() throws InterruptedException {
    awaitTrue(WAITING_HELPER.formatted("count(*) > 0"));
    long pid = sql().number(WAITING_HELPER.formatted("min(pid)"));
    signal("STOP", pid);
    return pid;
  }

  static void signal(String name, long pid) {
    DebianServer.must(List.of("kill", "-" + name, Long.toString(pid)));
  }

  /** Asks until the answer is true; fails when it still is not after far too long. */
  void awaitTrue(String question, Object... parameters) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!sql().truth(question, parameters)) {
      assertThat(System.nanoTime()).as("still not: " + question).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  /** No command of an attacker ran, no helper runs, and none is signed in at the server. */
  void assertNothingLeft() throws InterruptedException {
    assertThat(MARK).doesNotExist();
    assertThat(server.helpersRunning()).isEmpty();
    awaitTrue("select count(*) = 0 from pg_stat_activity where usename = ?", HELPER_ROLE);
  }

  /** Over TLS, byte by byte: the SQLSTATE of the refusal; empty when it let in. */
  String signIn(String role, String token) throws IOException, GeneralSecurityException {
    return TlsClient.signIn(server, TlsClient.bytes(role), TlsClient.bytes(token));
  }

  /** With the driver: the SQLSTATE of the refusal; empty when it let in. */
  public String sqlState(String role, String password, String tls) {
    PGSimpleDataSource source = server.dataSource(DebianServer.DATABASE, role, password);
    source.setSslMode(tls);
    try (Connection connection = source.getConnection()) {
      return connection.isClosed() ? "closed" : "";
    } catch (SQLException refused) {
      return refused.getSQLState();
    }
  }

  Program.Outcome psql(String token, String sql) {
    return psql(tls(), ROLE, token, sql);
  }

  Program.Outcome psql(String mode, String role, String token, String sql) {
    return Program.run(psqlCommand(mode, role, sql), password(token), new byte[0]);
  }

  Process startPsql(String token, String sql) {
    return Program.start(psqlCommand(tls(), ROLE, sql), password(token));
  }

  private static Map<String, String> password(String token) {
    return Map.of("PGPASSWORD", token, "LC_ALL", "C.UTF-8");
  }

  private List<String> psqlCommand(String mode, String role, String sql) {
    return List.of(
        "psql",
        "-XAt",
        "-c",
        sql,
        "host=127.0.0.1 port=%d dbname=%s user=%s %s"
            .formatted(server.port(), DebianServer.DATABASE, role, mode));
  }

  private String tls() {
    return "sslmode=verify-full sslrootcert=" + server.authority();
  }

  /** Something that is done with each of many values at the same time. */
  @FunctionalInterface
  interface Doing<A, B> {
    B with(A value) throws Exception;
  }

  /** All results, in the order of the values. */
  <A, B> List<B> atOnce(int threads, List<A> values, Doing<A, B> doing)
      throws InterruptedException, ExecutionException {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Callable<B>> calls = new ArrayList<>();
      for (A value : values) {
        calls.add(() -> doing.with(value));
      }
      List<B> results = new ArrayList<>();
      for (Future<B> future : executor.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }
}
