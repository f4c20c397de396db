package dev.latchkey.doctor;

import static dev.latchkey.doctor.Clinic.cause;
import static dev.latchkey.doctor.Clinic.examine;
import static dev.latchkey.doctor.Clinic.first;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Database;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TlsMode;
import dev.latchkey.database.TrialSignIn;
import dev.latchkey.gate.Gate;
import dev.latchkey.gate.GateLimits;
import dev.latchkey.gate.GateSettings;
import dev.latchkey.testing.Certificates;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real gate before a real server, with and without TLS: one attempt with a token, or none. */
final class GateCausesTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String ROLE = "doctor_operator";

  @TempDir static Path folder;
  private static Certificates certificates;
  private static Gate plain;
  private static int members;

  record Access(String member, String grant, String tokenId, String token) {
    @Override
    public String toString() {
      return grant;
    }
  }

  @BeforeAll
  static void open() throws IOException {
    DATABASE
        .sql()
        .execute(
            """
            create role %s login in role latchkey_operator;
            alter role latchkey_gatekeeper login;
            select latchkey.set_temporary_access('enabled')
            """
                .formatted(ROLE));
    plain = gate(Optional.empty());
    certificates = new Certificates(folder);
    certificates.authority("acme-ca");
    certificates.authority("other-ca");
    String here = " -ext san=ip:127.0.0.1,dns:localhost";
    certificates.server("good", here + " -validity 2 -signer acme-ca");
    certificates.server("expired", here + " -startdate -10d -validity 5 -signer acme-ca");
    certificates.server("early", here + " -startdate +5d -validity 5 -signer acme-ca");
    certificates.server("elsewhere", " -ext san=dns:db.acme.io -validity 2 -signer acme-ca");
    certificates.server("alone", here + " -validity 2");
  }

  @AfterAll
  static void close() {
    plain.close();
    DATABASE
        .sql()
        .execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = ?", ROLE);
    DATABASE.sql().execute("drop role " + ROLE);
  }

  @Test
  void whereAllIsWellEveryStepSaysSoAndTheTokenWasSentOnce() {
    Access access = access("{}");
    int before = logins();

    Diagnosis diagnosis = examine(at(plain), access.token());

    assertThat(diagnosis.findings()).as(diagnosis.report()).isEmpty();
    assertThat(diagnosis.step(Step.SCHEMA).evidence())
        .containsExactly("Signed in as member%d".formatted(members));
    assertThat(diagnosis.attempts()).isEqualTo(1);
    assertThat(logins() - before).as("attempts that the server saw").isEqualTo(1);
    assertThat(diagnosis.report()).contains("The token was sent once.");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "token_expired|update temporary_access.tokens set expires_at = now() - interval '1 s' where id = '%3$s'",
        "token_revoked|select latchkey.revoke_access_token('%3$s', 'lost')",
        "member_blocked|select latchkey.block_member('%1$s', 'left')",
        "grant_revoked|select latchkey.revoke_grant('%2$s', 'done')",
        "grant_expired|update temporary_access.grants set starts_at = now() - interval '2 h', expires_at = now() - interval '1 h' where id = '%2$s'",
        "grant_not_started|update temporary_access.grants set starts_at = now() + interval '1 h', expires_at = now() + interval '2 h' where id = '%2$s'",
        "address_not_allowed|update temporary_access.grants set allowed_cidrs = '{192.0.2.0/24}' where id = '%2$s'",
      })
  void aTokenThatTheVerifierRefusesIsToldAsThatAndTheReasonIsInTheLogins(
      String outcome, String harm) {
    Access access = access("{}");
    DATABASE.sql().execute(harm.formatted(access.member(), access.grant(), access.tokenId()));
    int before = logins();

    Diagnosis diagnosis = examine(at(plain), access.token());

    assertThat(cause(diagnosis)).isEqualTo(Cause.REFUSED_BY_VERIFIER);
    assertThat(first(diagnosis).code()).isEqualTo("28000");
    assertThat(first(diagnosis).remedies()).containsExactly(new Remedy.AskLogins());
    assertThat(diagnosis.attempts()).isEqualTo(1);
    assertThat(logins() - before).as("attempts that the server saw").isEqualTo(1);
    var seen = DATABASE.sql().rows(first(diagnosis).sql()).getFirst();
    assertThat(seen).as("what the offered SQL shows an operator").containsEntry("outcome", outcome);
    assertThat(diagnosis.step(Step.SCHEMA).result()).isInstanceOf(StepResult.NotReached.class);

    LoginReason reason = ask(access.token());
    assertThat(reason.outcome()).as(reason.toString()).contains(outcome);
    assertThat(reason.sentence()).isNotBlank();
  }

  @Test
  void aTokenOfNobodyAndASwitchedOffAccessHaveTheirReasonsToo() {
    examine(at(plain), Clinic.TOKEN);
    assertThat(ask(Clinic.TOKEN).outcome()).contains("unknown_token");

    Access access = access("{}");
    DATABASE.sql().execute("select latchkey.set_temporary_access('disabled')");
    try {
      assertThat(cause(examine(at(plain), access.token()))).isEqualTo(Cause.REFUSED_BY_VERIFIER);
      assertThat(ask(access.token()).outcome()).contains("disabled");
    } finally {
      DATABASE.sql().execute("select latchkey.set_temporary_access('enabled')");
    }
  }

  @Test
  void theLoginsSayThatNothingOfTheTokenArrivedWhereNothingDid() {
    Access access = access("{}");
    assertThat(ask(access.token()).outcome()).isEmpty();
  }

  @Test
  void whatWasAnsweredAMomentAgoIsNotAskedAgain() {
    Access access = access("{}");
    int before = logins();
    Instant at = Instant.parse("2026-11-22T14:17:48Z");
    var answer =
        new Patient.Answer(
            new DatabaseFailure.SignInRefused(
                ROLE, "28000", "temporary access refused for role \"x\""),
            at);

    Diagnosis diagnosis =
        examine(
            new Patient(at(plain), Secret.of(access.token()), Optional.of(answer)), Clinic.PATIENT);

    assertThat(cause(diagnosis)).isEqualTo(Cause.REFUSED_BY_VERIFIER);
    assertThat(diagnosis.step(Step.SIGN_IN).evidence())
        .contains("Answered at 14:17:48 UTC; not asked again.");
    assertThat(diagnosis.attempts()).isZero();
    assertThat(logins()).isEqualTo(before);
  }

  @Test
  void aTokenThatIsCutOffIsNotSent() {
    int before = logins();

    Diagnosis diagnosis = examine(at(plain), access("{}").token().substring(0, 50));

    assertThat(cause(diagnosis)).isEqualTo(Cause.TOKEN_CUT_OFF);
    assertThat(diagnosis.step(Step.POSTGRES).result()).isInstanceOf(StepResult.Passed.class);
    assertThat(diagnosis.step(Step.SIGN_IN).result().sentence()).contains("see Token");
    assertThat(logins()).isEqualTo(before);
  }

  @Test
  void aTokenInTheWrongFieldIsInNoReport() {
    Access access = access("{}");
    Endpoint mixedUp = Endpoint.loopback(plain.address().getPort(), access.token(), access.token());

    Diagnosis diagnosis = examine(mixedUp, "hunter2-hunter2");

    assertThat(diagnosis.report() + diagnosis).doesNotContain(access.token());
  }

  @Test
  void overVerifiedTlsAllIsWell() throws IOException {
    try (Gate gate = gate(Optional.of(certificates.context("good")))) {
      Diagnosis diagnosis = examine(tls(gate, "acme-ca"), access("{}").token());

      assertThat(diagnosis.findings()).as(diagnosis.report()).isEmpty();
      assertThat(diagnosis.step(Step.TLS).evidence())
          .anyMatch(seen -> seen.startsWith("TLS 1.3"))
          .contains("Certificate for 127.0.0.1, localhost", "Issued by acme-ca");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "expired, acme-ca, CERTIFICATE_EXPIRED, expired on",
    "early, acme-ca, CERTIFICATE_NOT_YET_VALID, is valid only from",
    "elsewhere, acme-ca, CERTIFICATE_FOR_OTHER_NAME, 'is for db.acme.io, not for 127.0.0.1'",
    "good, other-ca, CERTIFICATE_UNKNOWN_ISSUER, was issued by acme-ca",
    "alone, acme-ca, CERTIFICATE_UNKNOWN_ISSUER, is signed by itself",
    "good, , CERTIFICATE_UNKNOWN_ISSUER, not by any authority that this Java trusts",
  })
  void aCertificateThatIsNotTrustedIsSaidWhyAndTheTokenIsNotSent(
      String shown, String trusted, Cause cause, String words) throws IOException {
    int before = logins();
    try (Gate gate = gate(Optional.of(certificates.context(shown)))) {
      Diagnosis diagnosis = examine(tls(gate, trusted), access("{}").token());

      assertThat(cause(diagnosis)).as(diagnosis.report()).isEqualTo(cause);
      assertThat(first(diagnosis).sentence()).contains(words);
      assertThat(diagnosis.step(Step.TLS).evidence()).hasSize(4);
      assertThat(diagnosis.step(Step.SIGN_IN).result()).isInstanceOf(StepResult.NotReached.class);
      assertThat(diagnosis.attempts()).isZero();
    }
    assertThat(logins()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "empty", "folder", "rubbish"})
  void aRootCertificateThatCannotBeReadIsNamed(String kind) throws IOException {
    Path file = folder.resolve("root-" + kind);
    switch (kind) {
      case "empty" -> Files.writeString(file, "");
      case "folder" -> Files.createDirectories(file);
      case "rubbish" -> Files.writeString(file, "-----BEGIN CERTIFICATE-----\nno\n");
      default -> assertThat(file).doesNotExist();
    }
    try (Gate gate = gate(Optional.of(certificates.context("good")))) {
      Diagnosis diagnosis =
          examine(
              Clinic.verified("127.0.0.1", gate.address().getPort(), DATABASE.name(), ROLE, file),
              access("{}").token());

      assertThat(cause(diagnosis)).isEqualTo(Cause.ROOT_CERTIFICATE_UNREADABLE);
      assertThat(first(diagnosis).sentence()).contains(file.toString());
      assertThat(first(diagnosis).remedies()).containsExactly(new Remedy.ChooseRootCertificate());
    }
  }

  @ParameterizedTest
  @CsvSource({"elsewhere, VERIFY_CA, Its name is not checked", "alone, REQUIRE, was not verified"})
  void aWeakerModeLetsTheTokenGoAndSaysWhatIsMissing(String shown, TlsMode mode, String words)
      throws IOException {
    try (Gate gate = gate(Optional.of(certificates.context(shown)))) {
      Endpoint strict = tls(gate, "acme-ca");
      Endpoint weaker =
          new Endpoint(
              strict.host(),
              strict.port(),
              strict.database(),
              strict.role(),
              mode,
              strict.rootCertificate(),
              "");

      Diagnosis diagnosis = examine(weaker, access("{}").token());

      assertThat(diagnosis.findings()).as(diagnosis.report()).isEmpty();
      assertThat(diagnosis.step(Step.TLS).result())
          .isInstanceOfSatisfying(
              StepResult.Passed.class, passed -> assertThat(passed.doubtful()).isTrue());
      assertThat(diagnosis.step(Step.TLS).result().sentence()).contains(words);
    }
  }

  /**
   * The sign-in itself trusts as the doctor does, and calls a name that differs a matter of TLS.
   */
  @ParameterizedTest
  @CsvSource({"good, , PKIX", "elsewhere, acme-ca, 127.0.0.1"})
  void theSignInByItselfTrustsNoMoreThanTheDoctor(String shown, String trusted, String words)
      throws IOException {
    int before = logins();
    try (Gate gate = gate(Optional.of(certificates.context(shown)))) {
      var trial = new TrialSignIn().into(tls(gate, trusted), Secret.of(access("{}").token()));

      assertThat(trial)
          .isInstanceOfSatisfying(
              TrialSignIn.Trial.Outside.class,
              out -> {
                assertThat(out.why()).isInstanceOf(DatabaseFailure.TlsRefused.class);
                assertThat(out.why().details()).contains(words).doesNotContain(".postgresql");
              });
    }
    assertThat(logins()).isEqualTo(before);
  }

  @Test
  void aGateWhoseDatabaseIsGoneIsNotTheTokensFault() throws IOException {
    try (Gate lost =
        Gate.open(
            GateSettings.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                folder.resolve(".s.PGSQL.5432"),
                DATABASE.name()))) {
      Diagnosis diagnosis = examine(at(lost), access("{}").token());

      assertThat(cause(diagnosis)).isEqualTo(Cause.NOT_READY);
      assertThat(first(diagnosis).sentence())
          .isEqualTo("The gate is there, but cannot reach its database.");
    }
  }

  @Test
  void aGateThatIsFullIsNotTheTokensFault() throws Exception {
    var one =
        new GateLimits(
            10,
            1,
            GateLimits.standard().handshakeTime(),
            GateLimits.standard().pollTime(),
            GateLimits.standard().blindTime());
    Access access = access("{}");
    try (Gate small = gate(Optional.empty(), one)) {
      var properties = new Properties();
      properties.setProperty("user", ROLE);
      properties.setProperty("password", access.token());
      try (var taken =
          DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:%d/%s"
                  .formatted(small.address().getPort(), DATABASE.name()),
              properties)) {
        assertThat(taken.isValid(30)).isTrue();

        Diagnosis diagnosis = examine(at(small), access.token());

        assertThat(cause(diagnosis)).isEqualTo(Cause.TOO_MANY_CONNECTIONS);
        assertThat(first(diagnosis).sentence()).startsWith("The gate has as many sessions");
      }
    }
  }

  /** As an operator who came in by another way. */
  private static LoginReason ask(String token) {
    try (TestDoor door = TestDoor.to(DATABASE);
        Database operator = new Database(door.endpoint(DATABASE, ROLE))) {
      operator.signIn(Secret.of("any"));
      return new PostgresLogins(operator)
          .reason(ROLE, new Patient(at(plain), Secret.of(token), Optional.empty()).publicPart());
    }
  }

  private static Endpoint at(Gate gate) {
    return Endpoint.loopback(gate.address().getPort(), DATABASE.name(), ROLE);
  }

  private static Endpoint tls(Gate gate, String trusted) {
    return Clinic.verified(
        "127.0.0.1",
        gate.address().getPort(),
        DATABASE.name(),
        ROLE,
        trusted == null ? null : certificates.pem(folder, trusted));
  }

  private static Gate gate(Optional<SSLContext> tls) throws IOException {
    return gate(tls, GateLimits.standard());
  }

  private static Gate gate(Optional<SSLContext> tls, GateLimits limits) throws IOException {
    return Gate.open(
        new GateSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            DATABASE.socket(),
            GateSettings.GATEKEEPER,
            DATABASE.name(),
            limits,
            tls));
  }

  private static int logins() {
    return (int) DATABASE.sql().number("select count(*) from latchkey.logins");
  }

  private static Access access(String networks) {
    members++;
    String member =
        DATABASE
            .sql()
            .text(
                "select user_id from latchkey.add_member(?)",
                "member" + members + "@doctor.example");
    String grant =
        DATABASE
            .sql()
            .text(
                "select id from latchkey.grant_access(?::uuid, ?, now() + interval '1 h', null, ?::cidr[], 'test')",
                member,
                ROLE,
                networks);
    var made =
        DATABASE
            .sql()
            .row(
                """
                select made ->> 'id' as id, made ->> 'token' as token
                from latchkey.create_access_token(?::uuid, 'test', now() + interval '1 day') as made
                """,
                member);
    return new Access(member, grant, made.get("id").toString(), made.get("token").toString());
  }
}
