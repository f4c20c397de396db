package dev.latchkey.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.doctor.Patience;
import dev.latchkey.gate.Gate;
import dev.latchkey.gate.GateLimits;
import dev.latchkey.gate.GateSettings;
import dev.latchkey.testing.Certificates;
import dev.latchkey.testing.TestDatabase;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The doctor and the options of a connection on the command line, before a gate with TLS. */
final class DoctorCommandTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String ROLE = "doctor_command_operator";
  private static final Patience PATIENT =
      new Patience(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

  @TempDir static Path folder;
  private static Gate plain;
  private static Gate secure;
  private static Path root;
  private static Path otherRoot;
  private static int members;

  private record Access(String tokenId, String token, Path file) {
    @Override
    public String toString() {
      return tokenId;
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
    var certificates = new Certificates(folder);
    certificates.authority("acme-ca");
    certificates.authority("other-ca");
    certificates.server("good", "-ext san=ip:127.0.0.1,dns:localhost -validity 2 -signer acme-ca");
    root = certificates.pem(folder, "acme-ca");
    otherRoot = certificates.pem(folder, "other-ca");
    plain = gate(Optional.empty());
    secure = gate(Optional.of(certificates.context("good")));
  }

  @AfterAll
  static void close() {
    plain.close();
    secure.close();
    DATABASE
        .sql()
        .execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = ?", ROLE);
    DATABASE.sql().execute("drop role " + ROLE);
  }

  @Test
  void aHealthyConnectionOverVerifiedTls() throws IOException {
    Access access = access();
    int before = logins();

    Outcome outcome =
        run(access, secure, "doctor", "--tls", "verify-full", "--root-cert", root.toString());

    assertThat(outcome.code()).as(outcome.output()).isZero();
    assertThat(outcome.output().lines().filter(line -> line.matches("[✓+] .*")))
        .as(outcome.output())
        .hasSize(7);
    assertThat(outcome.output())
        .contains(
            "Encrypted; the certificate is trusted and for this host.",
            "Nothing was found. The token was sent once.")
        .doesNotContain(access.token());
    assertThat(logins() - before).as("attempts that the server saw").isEqualTo(1);
  }

  @Test
  void aServerThatIsNotVerifiedGetsNoToken() throws IOException {
    Access access = access();
    int before = logins();

    Outcome outcome =
        run(access, secure, "doctor", "--tls", "verify-full", "--root-cert", otherRoot.toString());

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.output())
        .contains(
            "was issued by acme-ca, not by the profile's root certificate. (LK-CERTIFICATE-UNKNOWN-ISSUER)",
            "No token was sent.");
    assertThat(logins() - before).as("attempts that the server saw").isZero();
  }

  @Test
  void aPortThatNobodyListensAt() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    Outcome outcome = run(access(), port, "doctor");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.output())
        .containsPattern("(?m)^[✗x] Port ")
        .containsPattern("(?m)^[–-] Sign-in ")
        .contains("    127.0.0.1:%d refused".formatted(port), "(LK-PORT-REFUSED)");
  }

  @Test
  void aRevokedTokenIsRefusedAndTheSqlForTheReasonIsThere() throws IOException {
    Access access = access();
    DATABASE.sql().rows("select latchkey.revoke_access_token(?::uuid, 'lost')", access.tokenId());

    Outcome outcome = run(access, plain, "doctor");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.output())
        .containsPattern("(?m)^[✗x] Sign-in ")
        .contains("(28000)", "    from latchkey.logins as login", "The token was sent once.")
        .doesNotContain(access.token());

    Outcome forScripts = run(access, plain, "doctor", "--json");
    assertThat(forScripts.code()).isEqualTo(1);
    assertThat(forScripts.output()).hasLineCount(1).doesNotContain(access.token());
    JsonNode json = new JsonMapper().readTree(forScripts.output());
    assertThat(json.at("/findings/0/cause").asText()).isEqualTo("REFUSED_BY_VERIFIER");
    assertThat(json.at("/findings/0/next_step").asText()).isNotBlank();
    assertThat(json.at("/token_sent").asInt()).isEqualTo(1);
    assertThat(json.at("/steps")).hasSize(7);
    assertThat(json.at("/steps/5/result").asText()).isEqualTo("failed");
  }

  @Test
  void withoutATokenTheWayToTheServerIsLookedAt() throws Exception {
    int before = logins();
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), CommandChild.class.getName()));
    command.addAll(List.of("doctor", "--url", url(secure.address().getPort())));
    command.addAll(List.of("--tls", "verify-ca", "--root-cert", root.toString()));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("LATCHKEY_TOKEN", "PGPASSWORD"));
    Process child = builder.start();
    child.getOutputStream().close();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("None was given.", "Without a token nobody can sign in.", "Nothing was found.")
        .containsPattern("(?m)^! TLS .*Its name is not checked");
    assertThat(logins() - before).as("attempts that the server saw").isZero();
  }

  @Test
  void aHostileServerSteersNoTerminalAndWritesNoLineOfItsOwn() throws IOException {
    Access access = access();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> refuseAll(server, access.token()));

      Outcome outcome = run(access, server.getLocalPort(), "doctor");

      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.output())
          .contains("Nothing was found, he said")
          .doesNotContain("\u001b", access.token());
      assertThat(outcome.output().lines()).noneMatch(line -> line.startsWith("Nothing was found"));
    }
  }

  @Test
  void otherCommandsTakeTheSameOptions() throws IOException {
    Access access = access();
    Outcome listed =
        run(access, secure, "token", "list", "--tls", "verify-full", "--root-cert", root + "");
    assertThat(listed.code()).as(listed.errors()).isZero();
    assertThat(listed.output()).contains(access.tokenId());

    int before = logins();
    Outcome refused =
        run(access, secure, "token", "list", "--tls", "verify-full", "--root-cert", otherRoot + "");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.errors().lines()).hasSize(2);
    assertThat(refused.errors())
        .startsWith("latchkey: LK-TLS")
        .contains("root certificate")
        .doesNotContain(access.token());
    assertThat(logins() - before).as("attempts that the server saw").isZero();

    Outcome unknown = run(access, secure, "token", "list", "--tls", "perhaps");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.errors()).startsWith("--tls must be ");
  }

  /** Its look is no proof that a host is this machine; it gets nothing in clear text. */
  @Test
  void aNameThatOnlyLooksLikeThisMachineIsVerified() throws IOException {
    String[] at = {"--url", "postgresql://me@127.0.0.1.invalid:1/app", "--json"};
    JsonNode json = new JsonMapper().readTree(plain(with(access(), "doctor", at)).output());
    assertThat(json.at("/tls").asText()).isEqualTo("verify-full");
    assertThat(json.at("/token_sent").asInt()).isZero();
  }

  /** Refuses TLS and then every start with a message that wants to be more than one. */
  private static void refuseAll(ServerSocket server, String token) {
    String said = "\u001b[2JNo.\r\nNothing was found, he said\n" + token;
    byte[] fields = ("SFATAL\0VFATAL\0C28000\0M" + said + "\0\0").getBytes(StandardCharsets.UTF_8);
    while (true) {
      try (Socket client = server.accept()) {
        byte[] head = client.getInputStream().readNBytes(8);
        boolean asksForTls = head.length == 8 && head[4] == 0x04 && head[5] == (byte) 0xd2;
        if (asksForTls) {
          client.getOutputStream().write('N');
          client.getInputStream().readNBytes(8);
        }
        var out = new DataOutputStream(client.getOutputStream());
        out.write('E');
        out.writeInt(fields.length + 4);
        out.write(fields);
        out.flush();
        client.shutdownOutput();
        client.getInputStream().readAllBytes();
      } catch (IOException ended) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  private record Outcome(int code, String output, String errors) {}

  private static Outcome run(Access access, Gate gate, String... arguments) {
    return run(access, gate.address().getPort(), arguments);
  }

  private static Outcome run(Access access, int port, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", url(port), "--token-file", access.file().toString()));
    return plain(all.toArray(String[]::new));
  }

  private static String[] with(Access access, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--token-file", access.file().toString()));
    return all.toArray(String[]::new);
  }

  private static Outcome plain(String... arguments) {
    var output = new StringWriter();
    var errors = new StringWriter();
    var line = LatchkeyCommand.with(new TokenCommand(), new DoctorCommand(PATIENT));
    line.setOut(new PrintWriter(output));
    line.setErr(new PrintWriter(errors));
    int code = line.execute(arguments);
    return new Outcome(code, output.toString(), errors.toString());
  }

  private static String url(int port) {
    return "postgresql://%s@127.0.0.1:%d/%s".formatted(ROLE, port, DATABASE.name());
  }

  private static Gate gate(Optional<SSLContext> tls) throws IOException {
    return Gate.open(
        new GateSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            DATABASE.socket(),
            GateSettings.GATEKEEPER,
            DATABASE.name(),
            GateLimits.standard(),
            tls));
  }

  private static int logins() {
    return (int) DATABASE.sql().number("select count(*) from latchkey.logins");
  }

  private static Access access() throws IOException {
    members++;
    String member =
        DATABASE
            .sql()
            .text(
                "select user_id from latchkey.add_member(?)",
                "member" + members + "@doctor-command.example");
    DATABASE
        .sql()
        .rows(
            "select latchkey.grant_access(?::uuid, ?, now() + interval '1 h', null, '{}'::cidr[], 'test')",
            member,
            ROLE);
    var made =
        DATABASE
            .sql()
            .row(
                """
                select made ->> 'id' as id, made ->> 'token' as token
                from latchkey.create_access_token(?::uuid, 'test', now() + interval '1 day') as made
                """,
                member);
    String token = made.get("token").toString();
    Path file = Files.writeString(folder.resolve("token" + members), token + "\n");
    return new Access(made.get("id").toString(), token, file);
  }
}
