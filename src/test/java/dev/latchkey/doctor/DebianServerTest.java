package dev.latchkey.doctor;

import static dev.latchkey.doctor.Clinic.TOKEN;
import static dev.latchkey.doctor.Clinic.cause;
import static dev.latchkey.doctor.Clinic.examine;
import static dev.latchkey.doctor.Clinic.first;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Endpoint;
import dev.latchkey.gatekeeper.DebianServer;
import dev.latchkey.gatekeeper.GatekeptServer;
import dev.latchkey.testing.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server as Debian packages it, which unlike the embedded one listens on TCP, speaks TLS itself
 * and knows PAM. Skipped where it is not installed or this is not root, who may become postgres.
 */
final class DebianServerTest {
  @RegisterExtension static final GatekeptServer SERVER = GatekeptServer.bare();

  private static final String PASSWORD = "hunter2-hunter2";
  private static final String WITHOUT_SCHEMA = "doctor_app";

  @TempDir static Path own;
  private static Path shown;
  private static Path trusted;

  @BeforeAll
  static void showOwnCertificates() throws Exception {
    Certificates certificates = new Certificates(own);
    certificates.authority("acme-ca");
    String here = " -ext san=ip:127.0.0.1 -signer acme-ca";
    certificates.server("good", here + " -validity 2");
    certificates.server("expired", here + " -startdate -10d -validity 5");
    trusted = certificates.pem(own, "acme-ca");
    shown = Files.createDirectory(SERVER.server().data().resolve("doctor"));
    for (String alias : List.of("good", "expired")) {
      certificates.pem(shown, alias);
      certificates.keyPem(shown, alias);
    }
    DebianServer.must(List.of("chown", "-R", "postgres", shown.toString()));
    DebianServer.must(List.of("chmod", "-R", "go-rwx", shown.toString()));
    SERVER.role("keys_admin", "login password '%s'".formatted(PASSWORD));
    SERVER.role("by_pam", "login");
    SERVER.sql().execute("create database " + WITHOUT_SCHEMA);
    SERVER
        .server()
        .writeHba(
            """
            local all postgres peer
            host all postgres 127.0.0.1/32 scram-sha-256
            hostssl all by_pam 127.0.0.1/32 pam pamservice=latchkey-no-such-service
            hostssl all keys_admin 127.0.0.1/32 scram-sha-256
            """);
    certificate("good");
  }

  /** The next class signs in as superuser and trusts the certificate of before. */
  @AfterAll
  static void showTheServersOwn() {
    if (shown == null) {
      return;
    }
    sql("drop database " + WITHOUT_SCHEMA);
    sql("alter system reset all");
    sql("select pg_reload_conf()");
    await("the certificate of before is back", DebianServerTest::superuserComesIn);
    DebianServer.must(List.of("rm", "-r", shown.toString()));
    SERVER.server().writeHba(GatekeptServer.HBA);
  }

  @Test
  void overTheServersOwnTlsAPasswordGetsIn() {
    Diagnosis diagnosis = examine(tls("keys_admin"), PASSWORD);

    assertThat(cause(diagnosis)).as(diagnosis.report()).isEqualTo(Cause.SCHEMA_MISSING);
    assertThat(diagnosis.step(Step.TLS).evidence()).contains("Issued by acme-ca");
    assertThat(diagnosis.step(Step.SIGN_IN).evidence())
        .anyMatch(seen -> seen.matches("PostgreSQL [0-9.]+.*"));
  }

  @Test
  void aTokenWhereTheServerWantsAPassword() {
    Diagnosis diagnosis = examine(tls("keys_admin"), TOKEN);

    assertThat(cause(diagnosis)).isEqualTo(Cause.REFUSED_BEFORE_VERIFIER);
    assertThat(first(diagnosis).nextStep()).doesNotContain("only on encrypted connections");
  }

  @Test
  void aTokenThatPamRefusesReachedTheVerifier() {
    Diagnosis diagnosis = examine(tls("by_pam"), TOKEN);

    assertThat(cause(diagnosis)).as(diagnosis.report()).isEqualTo(Cause.REFUSED_BY_VERIFIER);
    assertThat(first(diagnosis).code()).isEqualTo("28000");
    assertThat(diagnosis.attempts()).isEqualTo(1);
  }

  @Test
  void withoutTlsTheLinesForEncryptedConnectionsDoNotCount() {
    Diagnosis diagnosis =
        examine(Endpoint.loopback(SERVER.server().port(), WITHOUT_SCHEMA, "keys_admin"), TOKEN);

    assertThat(cause(diagnosis)).isEqualTo(Cause.NO_PG_HBA_ENTRY);
    assertThat(first(diagnosis).nextStep()).contains("encrypted connections only");
    assertThat(first(diagnosis).remedies())
        .containsExactly(
            new Remedy.Change("Encrypt the connection", Field.TLS, "disable", "verify-full"));
  }

  @Test
  void aCertificateThatExpiredIsNoticedAndTheTokenStaysHere() throws Exception {
    certificate("expired");
    try {
      Diagnosis diagnosis = examine(tls("keys_admin"), TOKEN);

      assertThat(cause(diagnosis)).isEqualTo(Cause.CERTIFICATE_EXPIRED);
      assertThat(diagnosis.attempts()).isZero();
    } finally {
      certificate("good");
    }
  }

  /** Until a new connection shows it. */
  private static void certificate(String alias) {
    sql("alter system set ssl_cert_file = '%s/%s.pem'".formatted(shown, alias));
    sql("alter system set ssl_key_file = '%s/%s.key'".formatted(shown, alias));
    sql("select pg_reload_conf()");
    await("the server shows " + alias, () -> shows(alias));
  }

  private static boolean shows(String alias) {
    // A token that is cut off is sent in no case.
    Diagnosis diagnosis = examine(tls("keys_admin"), TOKEN.substring(0, 40));
    return alias.equals("expired")
        ? diagnosis.findings().stream()
            .anyMatch(finding -> finding.cause() == Cause.CERTIFICATE_EXPIRED)
        : diagnosis.step(Step.TLS).result() instanceof StepResult.Passed;
  }

  private static boolean superuserComesIn() {
    return SERVER.sqlState(DebianServer.SUPERUSER, "no password", "verify-full").equals("28P01");
  }

  private static void await(String what, BooleanSupplier question) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!question.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
    }
  }

  private static Endpoint tls(String role) {
    return Clinic.verified("127.0.0.1", SERVER.server().port(), WITHOUT_SCHEMA, role, trusted);
  }

  /** By the socket: what the server shows over TCP is what these tests change. */
  private static void sql(String statement) {
    DebianServer.must(
        DebianServer.asPostgres(
            "psql",
            "-qX",
            "-h",
            SERVER.server().socket().getParent().toString(),
            "-p",
            "" + SERVER.server().port(),
            "-c",
            statement));
  }
}
