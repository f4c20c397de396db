package dev.latchkey.doctor;

import static dev.latchkey.doctor.Clinic.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TlsMode;
import dev.latchkey.token.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the token and, for the pooler, the profile tell by their looks: nothing is sent. */
final class TokenCausesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T14:18:02Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final String SUPABASE = "sbp_" + "0123456789abcdef".repeat(3);
  private static final String OWN = "db.acme.io";
  private static final String DIRECT = "db.abcdefghijklmnopqrst.supabase.co";
  private static final String POOLER = "aws-0-eu-central-1.pooler.supabase.com";

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("", OWN, Cause.TOKEN_MISSING),
        Arguments.of("  \n", OWN, Cause.TOKEN_MISSING),
        Arguments.of(TOKEN.substring(0, 60), OWN, Cause.TOKEN_CUT_OFF),
        Arguments.of(TOKEN + "x", OWN, Cause.TOKEN_TOO_LONG),
        Arguments.of(TOKEN.substring(0, 68) + "?", OWN, Cause.TOKEN_CHECKSUM),
        Arguments.of(
            TOKEN.substring(0, 30) + " " + TOKEN.substring(30), OWN, Cause.TOKEN_WITH_BLANKS),
        Arguments.of(
            TOKEN.substring(0, 30) + "\r\n" + TOKEN.substring(30), OWN, Cause.TOKEN_WITH_BLANKS),
        Arguments.of("pass\0word", OWN, Cause.TOKEN_UNUSABLE),
        Arguments.of("x".repeat(20_000), OWN, Cause.TOKEN_UNUSABLE),
        Arguments.of(SUPABASE, OWN, Cause.TOKEN_OF_OTHER_KIND),
        Arguments.of("sbp_0123456789", DIRECT, Cause.TOKEN_CUT_OFF),
        Arguments.of(TOKEN, DIRECT, Cause.TOKEN_OF_OTHER_KIND),
        Arguments.of(TOKEN, POOLER, Cause.TOKEN_OF_OTHER_KIND),
        Arguments.of("sb_secret_whatever", DIRECT, Cause.TOKEN_OF_OTHER_KIND),
        Arguments.of(jwt(NOW.minusSeconds(60)), DIRECT, Cause.TOKEN_ENDED),
        Arguments.of(jwt(NOW), DIRECT, Cause.TOKEN_ENDED));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatCannotBeATokenForThatServerIsToldAndNotSent(String token, String host, Cause cause) {
    assertThat(look(token, host))
        .isInstanceOfSatisfying(
            StepResult.Failed.class,
            failed -> {
              assertThat(failed.finding().cause()).isEqualTo(cause);
              assertThat(failed.finding().remedies()).isNotEmpty();
              if (token.length() > 5) {
                assertThat(failed.toString()).doesNotContain(token.strip());
              }
            });
  }

  static Stream<Arguments> right() {
    return Stream.of(
        Arguments.of(TOKEN, OWN),
        Arguments.of("  " + TOKEN + "\n", OWN),
        Arguments.of(SUPABASE, DIRECT),
        Arguments.of(SUPABASE, POOLER),
        Arguments.of(SUPABASE, "127.0.0.1"),
        Arguments.of(jwt(NOW.plusSeconds(60)), DIRECT),
        Arguments.of("hunter2 with blanks", OWN));
  }

  @ParameterizedTest
  @MethodSource("right")
  void whatMayBeRightIsLeftToTheServer(String token, String host) {
    assertThat(look(token, host)).isInstanceOf(StepResult.Passed.class);
  }

  @Test
  void blanksAroundATokenAreLeftOutAndSaidSo() {
    Observation seen = new TokenCheck(CLOCK).look(patient(TOKEN + "\n", OWN, "me", ""));
    assertThat(seen.evidence()).containsExactly("Blanks around it are left out.");
  }

  @ParameterizedTest
  @CsvSource({
    "postgres, -c jit=true, POOLER_USER_WITHOUT_REF",
    "postgres.abcdefghijklmnopqrst, '', POOLER_OPTION_MISSING",
    "postgres.abcdefghijklmnopqrst, -c statement_timeout=5s, POOLER_OPTION_MISSING",
    "postgres.abcdefghijklmnopqrst, -c jit=on, POOLER_OPTION_NOT_RECOGNISED",
    "postgres.abcdefghijklmnopqrst, --jit=on, POOLER_OPTION_NOT_RECOGNISED",
    "postgres.abcdefghijklmnopqrst, -c jit=TRUE, POOLER_OPTION_NOT_RECOGNISED",
  })
  void thePoolerIsToldWhatItNeedsBeforeItIsAsked(String role, String options, Cause cause) {
    assertThat(PoolerCheck.look(patient(SUPABASE, POOLER, role, options)).result())
        .isInstanceOfSatisfying(
            StepResult.Failed.class,
            failed -> assertThat(failed.finding().cause()).isEqualTo(cause));
  }

  @ParameterizedTest
  @CsvSource({
    "postgres.abcdefghijklmnopqrst, -c jit=true",
    "postgres.abcdefghijklmnopqrst, --jit=true",
    "postgres.abcdefghijklmnopqrst, -c statement_timeout=5s -c jit=true",
    "postgres, -c reference=abcdefghijklmnopqrst -c jit=true",
  })
  void aProfileAsThePoolerWantsItPasses(String role, String options) {
    assertThat(PoolerCheck.look(patient(SUPABASE, POOLER, role, options)).result())
        .isInstanceOf(StepResult.Passed.class);
  }

  @Test
  void anOrdinaryPasswordNeedsNoOption() {
    assertThat(PoolerCheck.look(patient("hunter2", POOLER, "postgres.ref", "")).result())
        .isInstanceOf(StepResult.Passed.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'', -c jit=true",
    "-c jit=on, -c jit=true",
    "--jit=on -c a=b, -c a=b -c jit=true",
    "-c a=b, -c a=b -c jit=true",
  })
  void theOptionIsSetWithoutLosingTheOthers(String before, String after) {
    assertThat(PoolerCheck.with(before)).isEqualTo(after);
  }

  @Test
  void secretsArePutOutOfTextsWhereverTheyCameIn() {
    Redaction redaction = new Redaction(Secret.of("hunter2"));
    assertThat(redaction.clean("role \"" + TOKEN + "\" and hunter2, " + SUPABASE))
        .isEqualTo("role \"••••\" and ••••, ••••");
    assertThat(redaction.clean(jwt(NOW))).isEqualTo("••••");
    assertThat(new Redaction(Secret.of("a")).clean("a role")).isEqualTo("a role");
  }

  private static StepResult look(String token, String host) {
    return new TokenCheck(CLOCK).look(patient(token, host, "me", "")).result();
  }

  private static Patient patient(String token, String host, String role, String options) {
    return new Patient(
        new Endpoint(host, 5432, "postgres", role, TlsMode.VERIFY_FULL, Optional.empty(), options),
        Secret.of(token),
        Optional.empty());
  }

  private static String jwt(Instant end) {
    return encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
        + "."
        + encoded("{\"exp\":%d}".formatted(end.getEpochSecond()))
        + ".c2lnbmF0dXJl";
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
