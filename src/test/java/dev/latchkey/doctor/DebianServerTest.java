package dev.latchkey.doctor;

import static dev.latchkey.doctor.Clinic.TOKEN;
import static dev.latchkey.doctor.Clinic.cause;
import static dev.latchkey.doctor.Clinic.examine;
import static dev.latchkey.doctor.Clinic.first;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.database.Endpoint;
import dev.latchkey.testing.Certificates;
import dev.latchkey.testing.FreePort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server as Debian packages it, which unlike the embedded one listens on TCP, speaks TLS itself
 * and knows PAM. Skipped where it is not installed or this is not root, who may become postgres.
 */
final class DebianServerTest {
  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
  private static final String PASSWORD = "hunter2-hunter2";

  @TempDir static Path own;
  private static Path folder;
  private static Path data;
  private static Path trusted;
  private static int port;
  private static boolean started;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        Files.isExecutable(PROGRAMS.resolve("postgres")),
        "Debian's PostgreSQL 15 is not installed: " + PROGRAMS);
    assumeTrue(
        System.getProperty("user.name").equals("root"), "only root may run it as user postgres");
    folder = Files.createTempDirectory("latchkey-doctor-");
    data = folder.resolve("data");
    port = FreePort.find();
    Certificates certificates = new Certificates(own);
    certificates.authority("acme-ca");
    String here = " -ext san=ip:127.0.0.1 -signer acme-ca";
    certificates.server("good", here + " -validity 2");
    certificates.server("expired", here + " -startdate -10d -validity 5");
    trusted = certificates.pem(own, "acme-ca");
    for (String alias : List.of("good", "expired")) {
      certificates.pem(folder, alias);
      certificates.keyPem(folder, alias);
    }
    run("chown", "-R", "postgres", folder.toString());
    run("chmod", "-R", "go-rwx", folder.toString());
    asPostgres("initdb", "-D", data.toString(), "-A", "trust", "--no-sync", "--locale=C");
    Files.writeString(
        data.resolve("postgresql.conf"),
        """
        listen_addresses = '127.0.0.1'
        port = %d
        unix_socket_directories = '%s'
        fsync = off
        ssl = on
        ssl_cert_file = '%s/good.pem'
        ssl_key_file = '%s/good.key'
        """
            .formatted(port, folder, folder, folder));
    Files.writeString(
        data.resolve("pg_hba.conf"),
        """
        local all postgres trust
        hostssl all by_pam 127.0.0.1/32 pam pamservice=latchkey-no-such-service
        hostssl all keys_admin 127.0.0.1/32 scram-sha-256
        """);
    asPostgres("pg_ctl", "start", "-s", "-w", "-D", data.toString(), "-l", folder + "/server.log");
    started = true;
    sql("create role keys_admin login password '%s'".formatted(PASSWORD));
    sql("create role by_pam login");
    sql("create database app");
  }

  @AfterAll
  static void stop() throws Exception {
    if (started) {
      asPostgres("pg_ctl", "stop", "-s", "-w", "-m", "immediate", "-D", data.toString());
    }
    if (folder != null) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void overTheServersOwnTlsAPasswordGetsIn() {
    Diagnosis diagnosis = examine(tls("keys_admin"), PASSWORD);

    assertThat(cause(diagnosis)).as(diagnosis.report()).isEqualTo(Cause.SCHEMA_MISSING);
    assertThat(diagnosis.step(Step.TLS).evidence()).contains("Issued by acme-ca");
    assertThat(diagnosis.step(Step.SIGN_IN).evidence())
        .anyMatch(seen -> seen.startsWith("PostgreSQL 15."));
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
    Diagnosis diagnosis = examine(Endpoint.loopback(port, "app", "keys_admin"), TOKEN);

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
  private static void certificate(String alias) throws Exception {
    sql("alter system set ssl_cert_file = '%s/%s.pem'".formatted(folder, alias));
    sql("alter system set ssl_key_file = '%s/%s.key'".formatted(folder, alias));
    asPostgres("pg_ctl", "reload", "-s", "-D", data.toString());
    boolean wanted = alias.equals("expired");
    long end = System.nanoTime() + 60_000_000_000L;
    while (seesExpired() != wanted) {
      assertThat(System.nanoTime()).as("the server shows " + alias).isLessThan(end);
    }
  }

  private static boolean seesExpired() {
    // A token that is cut off is sent in no case.
    return examine(tls("keys_admin"), TOKEN.substring(0, 40)).findings().stream()
        .anyMatch(finding -> finding.cause() == Cause.CERTIFICATE_EXPIRED);
  }

  private static Endpoint tls(String role) {
    return Clinic.verified("127.0.0.1", port, "app", role, trusted);
  }

  private static void sql(String statement) throws Exception {
    asPostgres("psql", "-qX", "-h", folder.toString(), "-p", "" + port, "-c", statement);
  }

  private static void asPostgres(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("runuser", "-u", "postgres", "--"));
    command.add(PROGRAMS.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command.toArray(String[]::new));
  }

  private static void run(String... command) throws Exception {
    // A file, not a pipe: the server goes on and would keep a pipe open.
    Path output = own.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(output, StandardCharsets.UTF_8)).isZero();
  }
}
