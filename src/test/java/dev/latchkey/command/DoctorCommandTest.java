package dev.latchkey.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.command.GateRoom.Access;
import dev.latchkey.doctor.Patience;
import dev.latchkey.gate.Gate;
import dev.latchkey.testing.Certificates;
import dev.latchkey.testing.FreePort;
import dev.latchkey.testing.TestDatabase;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private static GateRoom room;

  @BeforeAll
  static void open() throws IOException {
    room = new GateRoom(DATABASE, ROLE, folder);
    var certificates = new Certificates(folder);
    certificates.authority("acme-ca");
    certificates.authority("other-ca");
    certificates.server("good", "-ext san=ip:127.0.0.1,dns:localhost -validity 2 -signer acme-ca");
    root = certificates.pem(folder, "acme-ca");
    otherRoot = certificates.pem(folder, "other-ca");
    plain = room.gate(Optional.empty());
    secure = room.gate(Optional.of(certificates.context("good")));
  }

  @AfterAll
  static void close() {
    room.close();
  }

  @Test
  void aHealthyConnectionOverVerifiedTls() throws IOException {
    Access access = room.access();
    int before = logins();

    CommandLineRun outcome =
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
    Access access = room.access();
    int before = logins();

    CommandLineRun outcome =
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
    int port = FreePort.find();

    CommandLineRun outcome = run(room.access(), port, "doctor");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.output())
        .containsPattern("(?m)^[✗x] Port ")
        .containsPattern("(?m)^[–-] Sign-in ")
        .contains("    127.0.0.1:%d refused".formatted(port), "(LK-PORT-REFUSED)");
  }

  @Test
  void aRevokedTokenIsRefusedAndTheSqlForTheReasonIsThere() throws IOException {
    Access access = room.access();
    DATABASE.sql().rows("select latchkey.revoke_access_token(?::uuid, 'lost')", access.tokenId());

    CommandLineRun outcome = run(access, plain, "doctor");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.output())
        .containsPattern("(?m)^[✗x] Sign-in ")
        .contains("(28000)", "    from latchkey.logins as login", "The token was sent once.")
        .doesNotContain(access.token());

    CommandLineRun forScripts = run(access, plain, "doctor", "--json");
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
    ProcessBuilder builder =
        CommandLineRun.program(
                "doctor",
                "--url",
                room.url(secure),
                "--tls",
                "verify-ca",
                "--root-cert",
                root.toString())
            .redirectErrorStream(true);
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
    Access access = room.access();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> refuseAll(server, access.token()));

      CommandLineRun outcome = run(access, server.getLocalPort(), "doctor");

      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.output())
          .contains("Nothing was found, he said")
          .doesNotContain("\u001b", "\u009b", access.token());
      assertThat(outcome.output().lines()).noneMatch(line -> line.startsWith("Nothing was found"));
      assertThat(run(access, server.getLocalPort(), "doctor", "--json").output())
          .contains("\\u009b2JNo.")
          .doesNotContain("\u001b", "\u009b", access.token());
    }
  }

  @Test
  void otherCommandsTakeTheSameOptions() throws IOException {
    Access access = room.access();
    CommandLineRun listed =
        run(access, secure, "token", "list", "--tls", "verify-full", "--root-cert", root + "");
    assertThat(listed.code()).as(listed.errors()).isZero();
    assertThat(listed.output()).contains(access.tokenId());

    int before = logins();
    CommandLineRun refused =
        run(access, secure, "token", "list", "--tls", "verify-full", "--root-cert", otherRoot + "");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.errors().lines()).hasSize(2);
    assertThat(refused.errors())
        .startsWith("latchkey: LK-TLS")
        .contains("root certificate")
        .doesNotContain(access.token());
    assertThat(logins() - before).as("attempts that the server saw").isZero();

    CommandLineRun unknown = run(access, secure, "token", "list", "--tls", "perhaps");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.errors()).startsWith("--tls must be ");
  }

  /** Its look is no proof that a host is this machine; it gets nothing in clear text. */
  @Test
  void aNameThatOnlyLooksLikeThisMachineIsVerified() throws IOException {
    String[] at = {"--url", "postgresql://me@127.0.0.1.invalid:1/app", "--json"};
    JsonNode json =
        new JsonMapper().readTree(CommandLineRun.of(with(room.access(), "doctor", at)).output());
    assertThat(json.at("/tls").asText()).isEqualTo("verify-full");
    assertThat(json.at("/token_sent").asInt()).isZero();
  }

  /** Refuses TLS and then every start with a message that wants to be more than one. */
  private static void refuseAll(ServerSocket server, String token) {
    String said = "\u001b[2J\u009b2JNo.\r\nNothing was found, he said\n" + token;
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

  private static CommandLineRun run(Access access, Gate gate, String... arguments) {
    return run(access, gate.address().getPort(), arguments);
  }

  private static CommandLineRun run(Access access, int port, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", room.url(port), "--token-file", access.file().toString()));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private static String[] with(Access access, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--token-file", access.file().toString()));
    return all.toArray(String[]::new);
  }

  private static int logins() {
    return (int) DATABASE.sql().number("select count(*) from latchkey.logins");
  }
}
