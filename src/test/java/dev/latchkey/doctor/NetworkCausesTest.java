package dev.latchkey.doctor;

import static dev.latchkey.doctor.Clinic.TOKEN;
import static dev.latchkey.doctor.Clinic.cause;
import static dev.latchkey.doctor.Clinic.examine;
import static dev.latchkey.doctor.Clinic.first;
import static dev.latchkey.doctor.Clinic.local;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Endpoint;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.FreePort;
import dev.latchkey.token.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong before anybody signs in, with sockets that really behave so. */
final class NetworkCausesTest {
  @Test
  void aNameThatDoesNotExistEndsTheWayThere() {
    Diagnosis diagnosis =
        examine(Clinic.verified("no-such-host.invalid", 5432, "app", "me", null), TOKEN);

    // Without any name server nobody can know that it does not exist.
    assertThat(cause(diagnosis)).isIn(Cause.NAME_UNKNOWN, Cause.NO_NAME_SERVICE);
    assertThat(first(diagnosis).sentence()).contains("no-such-host.invalid");
    for (Step step : List.of(Step.PORT, Step.POSTGRES, Step.TLS, Step.SIGN_IN, Step.SCHEMA)) {
      assertThat(diagnosis.step(step).result()).isInstanceOf(StepResult.NotReached.class);
    }
    assertThat(diagnosis.step(Step.TOKEN).result()).isInstanceOf(StepResult.Passed.class);
    assertThat(diagnosis.attempts()).isZero();
  }

  @Test
  void aNameWithoutANameServerIsToldApartFromOneThatDoesNotExist() {
    assertThat(NameCheck.failed("db.acme.io", "db.acme.io: Name or service not known").cause())
        .isEqualTo(Cause.NAME_UNKNOWN);
    assertThat(
            NameCheck.failed("db.acme.io", "db.acme.io: Temporary failure in name resolution")
                .cause())
        .isEqualTo(Cause.NO_NAME_SERVICE);
  }

  @Test
  void aPortThatNobodyListensAt() throws IOException {
    int port = FreePort.find();

    Diagnosis diagnosis = examine(local(port), TOKEN);

    assertThat(cause(diagnosis)).isEqualTo(Cause.PORT_REFUSED);
    assertThat(diagnosis.step(Step.PORT).evidence())
        .containsExactly("127.0.0.1:" + port + " refused");
  }

  @Test
  void aPortThatDropsConnections() throws IOException {
    // A full queue of connections that nobody takes: the system drops what else comes.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> waiting = new ArrayList<>();
      for (int number = 0; number < 4; number++) {
        Socket socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(full.getLocalSocketAddress(), 200);
        } catch (IOException alreadyFull) {
          break;
        }
      }

      Diagnosis diagnosis = examine(local(full.getLocalPort()), TOKEN, Clinic.SHORT);

      assertThat(cause(diagnosis)).isEqualTo(Cause.PORT_SILENT);
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"224.0.0.1, This machine has no way to", "ff02::1, has IPv6 addresses only"})
  void anAddressWithoutAWayThere(String address, String words) {
    // A group's address: no connection leads there from any machine.
    Diagnosis diagnosis = examine(Clinic.verified(address, 5432, "app", "me", null), TOKEN);

    assertThat(cause(diagnosis)).as(diagnosis.report()).isEqualTo(Cause.NO_ROUTE);
    assertThat(first(diagnosis).sentence()).contains(words);
  }

  @Test
  void everyAddressOfANameIsTriedAndTheFirstThatAnswersIsUsed() throws IOException {
    InetAddress nobody = InetAddress.ofLiteral("127.0.0.3");
    InetAddress open = InetAddress.ofLiteral("127.0.0.2");
    try (ServerSocket listener = new ServerSocket()) {
      listener.bind(new InetSocketAddress(open, 0));
      Endpoint endpoint = local(listener.getLocalPort());

      PortCheck.Seen seen = new PortCheck(Clinic.PATIENT).look(endpoint, List.of(nobody, open));

      assertThat(seen.observation().result())
          .isEqualTo(StepResult.doubtful("1 of 2 addresses do not answer; the next one is used."));
      assertThat(seen.observation().evidence())
          .containsExactly(
              "127.0.0.3:%d refused".formatted(listener.getLocalPort()),
              "127.0.0.2:%d open".formatted(listener.getLocalPort()));
      try (Sockets.Line line = seen.line().orElseThrow()) {
        assertThat(line.socket().getInetAddress()).isEqualTo(open);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SSH-2.0-OpenSSH_9.2p1 Debian-2|An SSH server",
        "HTTP/1.1 400 Bad Request|A web server",
        "S-2.0 something that begins like a yes|Something else",
        "-ERR unknown command|Something else",
      })
  void aServerOfAnotherProtocolIsNamedAndGetsNoSecret(String banner, String who) {
    try (FakeServer server = FakeServer.saying(banner + "\r\n")) {
      Diagnosis diagnosis = examine(local(server.port()), TOKEN);

      assertThat(cause(diagnosis)).isEqualTo(Cause.NOT_POSTGRES);
      assertThat(first(diagnosis).sentence()).startsWith(who + " listens at port");
      assertThat(diagnosis.step(Step.POSTGRES).evidence()).containsExactly("It said: " + banner);
      assertThat(server.heard()).doesNotContain("jit_").hasSizeLessThanOrEqualTo(8);
    }
  }

  @Test
  void aMySqlServerIsNamed() {
    try (FakeServer server = FakeServer.saying("\u004a\0\0\0\n8.0.36\0rest")) {
      assertThat(first(examine(local(server.port()), TOKEN)).sentence())
          .startsWith("A MySQL or MariaDB server");
    }
  }

  @Test
  void bytesThatComeBeforeTlsAreNoAnswerOfPostgres() {
    try (FakeServer server = FakeServer.saying("S\u0016\u0003\u0003")) {
      assertThat(cause(examine(local(server.port()), TOKEN))).isEqualTo(Cause.NOT_POSTGRES);
    }
  }

  @Test
  void aPortThatSaysNothingIsNotGuessedAbout() {
    try (FakeServer server = FakeServer.that((in, _) -> in.readAllBytes())) {
      Diagnosis diagnosis = examine(local(server.port()), TOKEN, Clinic.SHORT);

      assertThat(cause(diagnosis)).isEqualTo(Cause.SAYS_NOTHING);
      assertThat(first(diagnosis).nextStep()).contains("can tell which");
    }
  }

  @Test
  void aPortThatHangsUpAtOnce() {
    try (FakeServer server = FakeServer.that((in, _) -> in.readNBytes(8))) {
      assertThat(cause(examine(local(server.port()), TOKEN))).isEqualTo(Cause.CLOSES_AT_ONCE);
    }
  }

  @Test
  void aServerWithoutTlsIsNeverSentTheTokenInClearText() {
    try (FakeServer server =
        FakeServer.that(
            (in, out) -> {
              in.readNBytes(8);
              out.write('N');
              out.flush();
              in.readAllBytes();
            })) {
      Endpoint asks = Clinic.verified("127.0.0.1", server.port(), "app", "me", null);

      Diagnosis diagnosis = examine(asks, TOKEN);

      assertThat(cause(diagnosis)).isEqualTo(Cause.NO_TLS);
      assertThat(first(diagnosis).remedies())
          .containsExactly(
              new Remedy.Change("Connect without TLS", Field.TLS, "verify-full", "disable"));
      assertThat(server.heard()).hasSize(8);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aProfileWithoutTlsForAnotherMachineIsNotSentTheToken() {
    Observation seen =
        new TlsCheck(Clock.systemUTC())
            .look(
                Endpoint.loopback(5432, "app", "me"),
                List.of(InetAddress.ofLiteral("192.0.2.7")),
                true,
                new Socket());

    assertThat(seen.result())
        .isInstanceOfSatisfying(
            StepResult.Failed.class,
            failed -> {
              assertThat(failed.finding().cause()).isEqualTo(Cause.CLEAR_TEXT_TO_REMOTE);
              assertThat(failed.finding().remedies())
                  .containsExactly(
                      new Remedy.Change(
                          "Encrypt the connection", Field.TLS, "disable", "verify-full"));
            });
  }

  @Test
  void aServerThatOffersTlsAndSpeaksRubbish() {
    try (FakeServer server =
        FakeServer.that(
            (in, out) -> {
              in.readNBytes(8);
              out.write('S');
              out.flush();
              in.read();
              out.write("no TLS at all, sorry".getBytes(StandardCharsets.US_ASCII));
              out.flush();
              in.readAllBytes();
            })) {
      Endpoint asks = Clinic.verified("127.0.0.1", server.port(), "app", "me", null);
      assertThat(cause(examine(asks, TOKEN))).isEqualTo(Cause.TLS_FAILED);
      assertThat(server.heard()).doesNotContain("jit_");
    }
  }

  @Test
  void stoppingEndsAnExaminationThatWaits() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    try (FakeServer server =
        FakeServer.that(
            (in, _) -> {
              in.readAllBytes();
              hungUp.countDown();
            })) {
      CompletableFuture<Void> waiting = new CompletableFuture<>();
      Doctor doctor = new Doctor(Clock.systemUTC(), Clinic.PATIENT);
      Patient patient = new Patient(local(server.port()), Secret.of(TOKEN), Optional.empty());
      Tasks.Job job =
          new BackgroundTasks(Runnable::run)
              .start(
                  "Examining",
                  () ->
                      doctor.examine(
                          patient,
                          seen -> {
                            if (seen.step(Step.POSTGRES).result() instanceof StepResult.Running) {
                              waiting.complete(null);
                            }
                          }),
                  _ -> {},
                  waiting::completeExceptionally);
      waiting.get(30, TimeUnit.SECONDS);

      job.cancel();

      assertThat(hungUp.await(Duration.ofSeconds(30).toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      assertThat(server.heard()).doesNotContain("jit_");
    }
  }
}
