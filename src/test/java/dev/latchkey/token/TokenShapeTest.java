package dev.latchkey.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.doctor.TokenSamples;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenShapeTest {
  private static final Instant ISSUED = Instant.parse("2026-11-22T13:00:00Z");
  private static final String TOKEN = TokenSamples.temporary(ISSUED);

  @Test
  void aTokenOfOursIsKnownByItsChecksumAndTellsWhenItWasIssued() {
    assertThat(TokenShape.of(TOKEN)).isEqualTo(new TokenShape.Temporary(ISSUED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s\n", "\r\n%s\r\n", "  %s\t", "\u2028%s"})
  void whiteSpaceAndLineBreaksAroundATokenAreTrimmed(String around) {
    assertThat(TokenShape.of(around.formatted(TOKEN))).isInstanceOf(TokenShape.Temporary.class);
    assertThat(TokenShape.trimmed(around.formatted(TOKEN))).isEqualTo(TOKEN);
  }

  @Test
  void everySingleWrongCharacterIsNoticed() {
    for (int index = 4; index < TOKEN.length(); index++) {
      char other = TOKEN.charAt(index) == 'a' ? 'b' : 'a';
      String wrong = TOKEN.substring(0, index) + other + TOKEN.substring(index + 1);
      assertThat(TokenShape.of(wrong)).isEqualTo(new TokenShape.WrongChecksum());
    }
  }

  @Test
  void aCharacterThatIsNotBase62IsAWrongChecksum() {
    assertThat(TokenShape.of(TOKEN.substring(0, 40) + "-" + TOKEN.substring(41)))
        .isEqualTo(new TokenShape.WrongChecksum());
  }

  @Test
  void aTokenThatIsCutOffOrHasMoreBehindItSaysSo() {
    assertThat(TokenShape.of("jit_")).isEqualTo(new TokenShape.WrongLength(4, 69));
    assertThat(TokenShape.of(TOKEN.substring(0, 68))).isEqualTo(new TokenShape.WrongLength(68, 69));
    assertThat(TokenShape.of(TOKEN + "x")).isEqualTo(new TokenShape.WrongLength(70, 69));
  }

  @Test
  void keysPastedByMistakeAreNamed() {
    assertThat(TokenShape.of(TokenSamples.withPrefix("sk_", ISSUED)))
        .isEqualTo(new TokenShape.ApiKey("scoped API key"));
    assertThat(TokenShape.of("sb_secret_whatever"))
        .isEqualTo(new TokenShape.ApiKey("secret project key"));
    assertThat(TokenShape.of("sb_publishable_whatever"))
        .isEqualTo(new TokenShape.ApiKey("publishable project key"));
  }

  @Test
  void aPasswordThatOnlyBeginsLikeAKeyIsAPassword() {
    assertThat(TokenShape.of("sk_my-own-password")).isEqualTo(new TokenShape.Password());
  }

  @Test
  void aSupabaseTokenIsKnownByItsPrefix() {
    assertThat(TokenShape.of("sbp_0123")).isEqualTo(new TokenShape.Supabase());
  }

  @Test
  void aJsonWebTokenTellsItsExpiryWithoutBeingTrusted() {
    assertThat(TokenShape.of(jwt("{\"exp\":1795353600}")))
        .isEqualTo(new TokenShape.Jwt(Optional.of(Instant.ofEpochSecond(1_795_353_600L))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"exp\":\"tomorrow\"}",
        "{\"exp\":-1}",
        "{\"exp\":1e300}",
        "{\"exp\":99999999999999999999}",
        "[]",
        "null"
      })
  void aJsonWebTokenWithoutAUsableExpiryHasNone(String claims) {
    assertThat(TokenShape.of(jwt(claims))).isEqualTo(new TokenShape.Jwt(Optional.empty()));
  }

  @Test
  void whatOnlyLooksLikeAJsonWebTokenIsAPassword() {
    assertThat(TokenShape.of("eyJ.x.y")).isEqualTo(new TokenShape.Password());
    assertThat(TokenShape.of(jwt("{not json"))).isEqualTo(new TokenShape.Password());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pass\0word", "two\nlines", "be\u0007ll", "\u009bcsi"})
  void controlCharactersInsideAreRefused(String text) {
    assertThat(TokenShape.of(text)).isInstanceOf(TokenShape.Unusable.class);
  }

  @Test
  void aMegabyteIsRefusedAtOnceAndNotRepeated() {
    TokenShape shape = TokenShape.of("x".repeat(1 << 20));
    assertThat(shape)
        .isEqualTo(new TokenShape.Unusable("It is longer than any token: 1,048,576 characters."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\n", "\t"})
  void blankIsNothing(String text) {
    assertThat(TokenShape.of(text)).isEqualTo(new TokenShape.Empty());
  }

  @Test
  void noShapeKeepsTheToken() {
    assertThat(TokenShape.of(TOKEN).toString()).doesNotContain(TOKEN.substring(10, 40));
    assertThat(TokenShape.of("hunter2").toString()).doesNotContain("hunter2");
  }

  private static String jwt(String claims) {
    return encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + encoded(claims) + ".c2lnbmF0dXJl";
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
