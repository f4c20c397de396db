package dev.latchkey.doctor;

import static dev.latchkey.doctor.Clinic.cause;
import static dev.latchkey.doctor.Clinic.examine;
import static dev.latchkey.doctor.Clinic.first;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TlsMode;
import dev.latchkey.token.Secret;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Supabase's pooler answers. Supavisor cannot be run here: a scripted server speaks the
 * protocol up to the refusal, and its SQLSTATEs and messages are those of Supavisor's source
 * ({@code lib/supavisor/errors/*.ex} in August 2026: an error is FATAL XX000 with its word in
 * brackets before the message, a wrong password or token 28P01 as PostgreSQL has it).
 */
final class PoolerCausesTest {
  private static final String TOKEN = "sbp_" + "0123456789abcdef".repeat(3);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no tenant identifier provided (external_id or sni_hostname required)|ENOIDENTIFIER|POOLER_USER_WITHOUT_REF",
        "tenant/user postgres.abcdefghijklmnopqrst not found|ENOTFOUND|POOLER_TENANT_UNKNOWN",
        "address not in tenant allow_list: {203, 0, 113, 9}|EADDRNOTALLOWED|POOLER_ADDRESS_NOT_ALLOWED",
        "SSL connection is required for user: postgres|ESSLREQUIRED|POOLER_WANTS_TLS",
        "failed to reach JIT provider for user \"postgres\"|EJITREQUESTFAILED|POOLER_VERIFIER_UNREACHABLE",
        "max client connections reached, limit: 200|EMAXCONN|POOLER_FULL",
        "max clients reached in session mode - max clients are limited to pool_size: 15|EMAXCONNSESSION|POOLER_FULL",
        "unable to check out connection from the pool after 60000ms in Session mode|ECHECKOUTTIMEOUT|POOLER_FULL",
        "too many authentication failures, new connections are temporarily blocked|ECIRCUITBREAKER|POOLER_BLOCKS",
        "tenant is banned: unpaid|EBANNED|POOLER_REFUSED",
      })
  void whatThePoolerRefusesBeforeItAsksForAToken(String message, String word, Cause cause) {
    try (FakeServer pooler = refusingAtOnce("XX000", "(%s) %s".formatted(word, message))) {
      Diagnosis diagnosis = examine(at(pooler), TOKEN);

      assertThat(cause(diagnosis)).isEqualTo(cause);
      assertThat(first(diagnosis).code()).isEqualTo("XX000 " + word);
      assertThat(diagnosis.step(Step.SIGN_IN).evidence())
          .contains("The server said: (%s) %s".formatted(word, message));
      assertThat(pooler.heard()).doesNotContain("sbp_");
    }
  }

  @Test
  void theOlderWordsForAnUnknownProjectAreKnownToo() {
    try (FakeServer pooler = refusingAtOnce("XX000", "Tenant or user not found")) {
      assertThat(cause(examine(at(pooler), TOKEN))).isEqualTo(Cause.POOLER_TENANT_UNKNOWN);
    }
  }

  @Test
  void aTokenThatThePoolerRefusesIsSentOnceAndNoMore() {
    try (FakeServer pooler =
        refusingThePassword("28P01", "password authentication failed for user \"postgres\"")) {
      Diagnosis diagnosis = examine(at(pooler), TOKEN);

      assertThat(cause(diagnosis)).isEqualTo(Cause.REFUSED_BEFORE_VERIFIER);
      assertThat(pooler.heard().split("sbp_", -1)).as("the token, heard once").hasSize(2);
      assertThat(pooler.connections()).as("the probe and the sign-in").isEqualTo(2);
    }
  }

  @Test
  void aPoolersAnswerToATokenIsToldWithAllThatItMayMean() {
    Endpoint pooler =
        new Endpoint(
            "aws-0-eu-central-1.pooler.supabase.com",
            6543,
            "postgres",
            "postgres.abcdefghijklmnopqrst",
            TlsMode.VERIFY_FULL,
            Optional.empty(),
            "-c jit=true");
    Finding finding =
        new Refusals(new Patient(pooler, Secret.of(TOKEN), Optional.empty()))
            .of(
                new DatabaseFailure.SignInRefused(
                    pooler.role(), "28P01", "password authentication failed"));

    assertThat(finding.cause()).isEqualTo(Cause.REFUSED_BEFORE_VERIFIER);
    assertThat(finding.sentence()).isEqualTo("The pooler refused the token (28P01).");
    assertThat(finding.nextStep())
        .contains("off for the project", "no good", "does not cover this role");
  }

  @Test
  void aServerThatLetsGoInTheMiddleOfTheSignIn() {
    try (FakeServer server =
        FakeServer.that(
            (in, out) -> {
              DataInputStream packets = new DataInputStream(in);
              byte[] first = packet(packets);
              if (first.length == 4) {
                out.write('N');
                out.flush();
                return;
              }
              out.write(passwordRequest());
              out.flush();
              packets.read();
            })) {
      assertThat(cause(examine(at(server), TOKEN))).isEqualTo(Cause.BROKE_OFF);
    }
  }

  @Test
  void aServerThatRepeatsTheTokenPutsItInNoReport() {
    try (FakeServer hostile = refusingAtOnce("XX000", "your token is " + TOKEN + ", thanks")) {
      Diagnosis diagnosis = examine(at(hostile), TOKEN);

      assertThat(diagnosis.report()).contains("your token is ••••, thanks");
    }
  }

  private static Endpoint at(FakeServer pooler) {
    return Endpoint.loopback(pooler.port(), "postgres", "postgres.abcdefghijklmnopqrst");
  }

  private static FakeServer refusingAtOnce(String state, String message) {
    return FakeServer.that(
        (in, out) -> {
          DataInputStream packets = new DataInputStream(in);
          while (packet(packets).length == 4) {
            out.write('N');
            out.flush();
          }
          refuse(out, state, message);
        });
  }

  private static FakeServer refusingThePassword(String state, String message) {
    return FakeServer.that(
        (in, out) -> {
          DataInputStream packets = new DataInputStream(in);
          while (packet(packets).length == 4) {
            out.write('N');
            out.flush();
          }
          out.write(passwordRequest());
          out.flush();
          packets.readByte();
          packet(packets);
          refuse(out, state, message);
        });
  }

  /** What follows the length of a packet; 4 bytes are a request for TLS. */
  private static byte[] packet(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt() - 4);
  }

  private static byte[] passwordRequest() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream message = new DataOutputStream(bytes);
    message.writeByte('R');
    message.writeInt(8);
    message.writeInt(3);
    return bytes.toByteArray();
  }

  private static void refuse(OutputStream out, String state, String message) throws IOException {
    byte[] fields =
        "SFATAL\0C%s\0M%s\0\0".formatted(state, message).getBytes(StandardCharsets.UTF_8);
    DataOutputStream answer = new DataOutputStream(out);
    answer.writeByte('E');
    answer.writeInt(fields.length + 4);
    answer.write(fields);
    answer.flush();
  }
}
