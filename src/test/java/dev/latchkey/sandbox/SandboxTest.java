package dev.latchkey.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.change.Environment;
import dev.latchkey.database.Database;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.database.WhoAmI;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Unexpected;
import dev.latchkey.sandbox.server.DataFolder;
import dev.latchkey.sandbox.server.PostmasterFile;
import dev.latchkey.sandbox.server.ServerAddress;
import dev.latchkey.sandbox.server.ServerConfiguration;
import dev.latchkey.testing.FreePort;
import dev.latchkey.testing.Sql;
import dev.latchkey.token.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * One sandbox for all: making it takes longer than everything that is asked of it. What stops it
 * comes last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SandboxTest {
  @TempDir static Path temp;
  private static Sandbox sandbox;
  private static final List<Double> fractions = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    sandbox =
        Sandbox.open(
            new SandboxSettings(folder(), OptionalInt.of(FreePort.find())),
            (step, fraction) -> fractions.add(fraction));
  }

  @AfterAll
  static void close() {
    sandbox.close();
  }

  @Test
  @Order(1)
  void tellsHowFarItHasCome() {
    assertThat(fractions).isSorted().startsWith(0.0).endsWith(1.0).hasSizeGreaterThan(4);
  }

  @Test
  @Order(1)
  void letsItsOperatorInWithATokenForAPassword() {
    WhoAmI who = whoComesIn(sandbox);
    assertThat(who.email()).contains("m.lindqvist@acme.io");
    assertThat(who.displayName()).contains(Sandbox.OPERATOR);
    assertThat(who.operator()).isTrue();
  }

  @Test
  @Order(1)
  void refusesEveryOtherPassword() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(
            () -> new SignIn().into(sandbox.endpoint(), Environment.SANDBOX, Secret.of("postgres")))
        .satisfies(refused -> assertThat(refused.failure().endsAccess()).isTrue());
  }

  @Test
  @Order(1)
  void hasKeysOfEveryKindAndInEveryState() {
    assertThat(admin().number("select count(*) from latchkey.accounts")).isEqualTo(3);
    assertThat(admin().number("select count(*) from latchkey.keys")).isGreaterThanOrEqualTo(40);
    assertThat(admin().texts("select distinct kind from latchkey.keys order by 1"))
        .containsExactly("publishable", "scoped", "secret");
    assertThat(admin().texts("select distinct status from latchkey.keys order by 1"))
        .containsExactly("active", "disabled", "expired", "expiring", "revoked");
    assertThat(
            admin()
                .number(
                    "select count(*) from latchkey.keys where unused_days > 90 and status = 'active'"))
        .isGreaterThanOrEqualTo(3);
    assertThat(admin().number("select count(*) from latchkey.keys where never_used"))
        .isGreaterThanOrEqualTo(1);
    assertThat(admin().texts("select distinct created_by_name from latchkey.keys"))
        .containsExactly("m.lindqvist@acme.io");
  }

  @Test
  @Order(1)
  void hasThirtyDaysOfUse() {
    assertThat(admin().number("select count(*) from latchkey.usage")).isEqualTo(200_000);
    assertThat(
            admin()
                .number(
                    "select count(*) from latchkey.usage where timestamp not between now() - interval '31 days' and now()"))
        .isZero();
    assertThat(
            admin()
                .truth(
                    """
                    select bool_and(quieter) and count(*) >= 3
                    from (
                      select
                        avg(calls) filter (where extract(isodow from day) > 5)
                          < 0.9 * avg(calls) filter (where extract(isodow from day) < 6) as quieter
                      from (
                        select day, sum(calls) as calls
                        from latchkey.usage_daily
                        where day between current_date - 29 and current_date - 1
                        group by day
                      ) as daily
                      group by date_trunc('week', day)
                      having count(*) = 7
                    ) as week
                    """))
        .as("the weekend of each whole week is quieter than its other days")
        .isTrue();
    assertThat(
            admin()
                .number(
                    "select count(*) from latchkey.keys as k where last_used_at < (select max(timestamp) from latchkey.usage as u"
                        + " where u.api_key_id = k.id and outcome = 'ok')"))
        .as("keys that were used after their last use")
        .isZero();
    assertThat(admin().number("select count(*) from api_keys_private.api_key_logs_default"))
        .as("lines without a month")
        .isZero();
  }

  @Test
  @Order(1)
  void hasMembersWithGrantsInEveryState() {
    assertThat(admin().number("select count(*) from latchkey.members")).isEqualTo(7);
    assertThat(admin().number("select count(*) from latchkey.grants")).isEqualTo(11);
    assertThat(admin().texts("select distinct status from latchkey.grants order by 1"))
        .containsExactly("active", "expired", "expiring", "revoked", "scheduled");
    assertThat(
            admin()
                .texts(
                    """
                    select display_name
                    from latchkey.grants
                    where expires_at is null and reason is null and allowed_cidrs = '{}' and status = 'active'
                      and granted_at > (select min(occurred_at) from latchkey.events where type = 'access.policy_changed')
                      and granted_at < (select max(occurred_at) from latchkey.events where type = 'access.policy_changed')
                    """))
        .as("granted without an end while the policy asked for none")
        .containsExactly("Sam Whitfield");
    assertThat(admin().text("select max_duration from temporary_access.settings"))
        .isEqualTo("90 days");
    assertThat(admin().number("select count(*) from latchkey.logins where not accepted"))
        .isGreaterThan(5);
    assertThat(
            admin()
                .number(
                    "select count(*) from latchkey.logins where accepted and at < now() - interval '1 hour'"))
        .isGreaterThan(20);
    assertThat(
            admin()
                .number("select count(*) from latchkey.logins where at > now() or ended_at < at"))
        .isZero();
  }

  @Test
  @Order(1)
  void hasAHistoryThatAgreesWithItself() {
    assertThat(
            admin()
                .number(
                    """
                    select count(*)
                    from audit.events
                    where convert_from(entry, 'UTF8')::jsonb ->> 'id' <> id
                      or convert_from(entry, 'UTF8')::jsonb ->> 'occurred_at' <> audit.utc(occurred_at)
                      or convert_from(entry, 'UTF8')::jsonb -> 'after' is distinct from coalesce(after, 'null')
                      or api_keys_private.ksuid_time(id) <> date_trunc('second', occurred_at)
                    """))
        .isZero();
    assertThat(
            admin()
                .number(
                    "select count(*) from latchkey.keys as k join latchkey.events as e on e.object_id = k.id::text"
                        + " where e.type = 'key.created' and e.occurred_at <> k.created_at"))
        .isZero();
    assertThat(admin().number("select count(*) from audit.events")).isGreaterThan(80);
    assertThatExceptionOfType(Sql.SqlFailure.class)
        .isThrownBy(() -> admin().execute("delete from audit.events"));
  }

  @Test
  @Order(1)
  void hasAnApplicationWhosePoliciesAskForScopes() throws SQLException {
    assertThat(
            admin()
                .texts(
                    "select distinct tablename from pg_policies where qual like '%has_scope%' order by 1"))
        .containsExactly("documents", "invoices", "projects");
    String reader = admin().text("select id from latchkey.keys where name = 'docs-indexer'");
    String account =
        admin().text("select account_id from latchkey.keys where name = 'docs-indexer'");
    try (Connection connection =
        server().dataSource(SandboxDatabase.NAME, "postgres").getConnection()) {
      Sql asKey = Sql.on(connection);
      asKey.execute(
          "select set_config('request.jwt.claims', ?, false)", "{\"sub\": \"" + reader + "\"}");
      asKey.execute("set role api_key");

      assertThat(asKey.number("select count(*) from public.documents")).isPositive();
      assertThat(
              asKey.number(
                  "select count(*) from public.documents where account_id <> ?::uuid", account))
          .isZero();
      assertThat(asKey.number("select count(*) from public.invoices")).isZero();
    }
  }

  @Test
  @Order(2)
  void isJoinedByASecondOneWithATokenOfItsOwn() throws InterruptedException {
    var told = new CountDownLatch(1);
    try (Sandbox second = Sandbox.open(SandboxSettings.in(folder()), Progress.SILENT)) {
      second.onEnd(told::countDown);
      assertThat(second.joined()).isTrue();
      assertThat(sandbox.joined()).isFalse();
      assertThat(second.endpoint()).isEqualTo(sandbox.endpoint());
      assertThat(whoComesIn(second).tokenId()).isNotEqualTo(whoComesIn(sandbox).tokenId());
    }
    assertThat(whoComesIn(sandbox).operator())
        .as("the first is there when the second has left")
        .isTrue();
    assertThat(told.getCount()).as("leaving is no end").isEqualTo(1);
  }

  @Test
  @Order(2)
  void isNotResetWhileItRuns() {
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> Sandbox.reset(folder()))
        .withMessageContaining("is running in process " + ProcessHandle.current().pid());
    assertThat(admin().number("select count(*) from latchkey.keys")).isPositive();
  }

  @Test
  @Order(3)
  void letsItsOperatorInAgainWhateverWasDoneToHisAccess() {
    List<String> harms =
        List.of(
            "select latchkey.freeze_member('b0000000-0000-4000-8000-000000000001', 'Test')",
            "select latchkey.set_temporary_access('disabled')",
            "update temporary_access.grants set starts_at = now() - interval '30 days', expires_at = now() - interval '20 days'"
                + " where user_id = 'b0000000-0000-4000-8000-000000000001'");
    for (String harm : harms) {
      admin().execute(harm);
      assertThat(whoComesIn(sandbox).operator()).as(harm).isTrue();
    }
  }

  @Test
  @Order(4)
  void keepsNoTokenWhereOthersMightRead() throws IOException {
    try (Secret token = sandbox.issueToken();
        var files = Files.walk(folder())) {
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.startsWith(folder().resolve("server/binaries")))
              .toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(token.reveal());
      }
    }
  }

  @Test
  @Order(5)
  void tellsThoseWhoJoinedWhenItEnds() throws Exception {
    var told = new CountDownLatch(1);
    Sandbox second = Sandbox.open(SandboxSettings.in(folder()), Progress.SILENT);
    second.onEnd(told::countDown);
    try (second;
        Secret token = second.issueToken();
        Database database =
            new SignIn().into(second.endpoint(), Environment.SANDBOX, token).database()) {
      sandbox.close();
      told.await();

      assertThatExceptionOfType(FailureException.class)
          .isThrownBy(
              () -> database.read(handle -> handle.createQuery("select 1").mapTo(int.class).one()))
          .satisfies(lost -> assertThat(lost.failure()).isNotInstanceOf(Unexpected.class));
    }
  }

  @Test
  @Order(6)
  void isThereAgainOnTheSamePortAfterARestart() {
    int port = sandbox.endpoint().port();
    long keys = 46;
    sandbox = Sandbox.open(SandboxSettings.in(folder()), Progress.SILENT);

    assertThat(sandbox.endpoint().port()).isEqualTo(port);
    assertThat(admin().number("select count(*) from latchkey.keys")).isEqualTo(keys);
  }

  @Test
  @Order(7)
  void takesAnotherPortWhenItsOwnIsTakenAndForgetsACorruptState() throws IOException {
    int port = sandbox.endpoint().port();
    sandbox.close();
    Files.writeString(
        folder().resolve("state.json"), "{\"pid\":1,\"ready\":true,\"gatePort\":" + port + "}");
    try (var squatter = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(
              () ->
                  Sandbox.open(
                      new SandboxSettings(folder(), OptionalInt.of(port)), Progress.SILENT))
          .withMessageContaining("Port " + port);
      sandbox = Sandbox.open(SandboxSettings.in(folder()), Progress.SILENT);
      assertThat(sandbox.endpoint().port()).isNotEqualTo(squatter.getLocalPort());
    }
    sandbox.close();
    Files.writeString(folder().resolve("state.json"), "\0 not json");
    sandbox = Sandbox.open(SandboxSettings.in(folder()), Progress.SILENT);
    assertThat(admin().number("select 1")).isEqualTo(1);
  }

  @Test
  @Order(7)
  void tellsWhenItsServerWasKilledAndCanBeOpenedAgain() throws InterruptedException {
    var told = new CountDownLatch(1);
    sandbox.onEnd(told::countDown);
    PostmasterFile server = PostmasterFile.read(folder().resolve("server/data")).orElseThrow();
    ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
    told.await();

    sandbox = Sandbox.open(SandboxSettings.in(folder()), Progress.SILENT);
    assertThat(whoComesIn(sandbox).operator()).isTrue();
  }

  @Test
  @Order(8)
  void saysWhenItWasMadeByAnotherVersion() {
    admin().execute("update latchkey.schema_history set checksum = 1 where version = '9'");
    sandbox.close();

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> Sandbox.open(SandboxSettings.in(folder()), Progress.SILENT))
        .withMessageContaining("another version of Latchkey")
        .withMessageContaining("--reset");
    assertThat(new DataFolder(folder().resolve("server")).served())
        .as("nothing is left running")
        .isFalse();
  }

  @Test
  @Order(9)
  void isMadeAnewByAReset() throws IOException {
    Sandbox.reset(folder());

    try (var files = Files.list(folder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("latchkey-sandbox", "lock");
    }
  }

  private static WhoAmI whoComesIn(Sandbox entered) {
    try (Secret token = entered.issueToken()) {
      Session session = new SignIn().into(entered.endpoint(), Environment.SANDBOX, token);
      session.database().close();
      return session.who();
    }
  }

  private static Path folder() {
    return temp.toAbsolutePath().resolve("the sandbox");
  }

  private static ServerAddress server() {
    return new ServerAddress(sandbox.socketFolder(), ServerConfiguration.PORT);
  }

  private static Sql admin() {
    return Sql.on(server().dataSource(SandboxDatabase.NAME, "postgres"));
  }
}
