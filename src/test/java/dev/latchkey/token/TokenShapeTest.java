package dev.latchkey.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.doctor.TokenSamples;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenShapeTest {
  private static final Instant ISSUED = Instant.parse("2026-11-22T13:00:00Z");
  private static final String TOKEN = TokenSamples.temporary(ISSUED);

  @Test
  void aTokenOfOursIsKnownByItsChecksumAndTellsWhenItWasIssued() {
    assertThat(shape(TOKEN)).isEqualTo(new TokenShape.Temporary(new Ksuid(TOKEN.substring(4, 31))));
    assertThat(new Ksuid(TOKEN.substring(4, 31)).issued()).isEqualTo(ISSUED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s\n", "\r\n%s\r\n", "  %s\t", "\u2028%s"})
  void whiteSpaceAndLineBreaksAroundATokenAreTrimmed(String around) {
    assertThat(shape(around.formatted(TOKEN))).isInstanceOf(TokenShape.Temporary.class);
  }

  @Test
  void everySingleWrongCharacterIsNoticed() {
    for (int index = 4; index < TOKEN.length(); index++) {
      char other = TOKEN.charAt(index) == 'a' ? 'b' : 'a';
      String wrong = TOKEN.substring(0, index) + other + TOKEN.substring(index + 1);
      assertThat(shape(wrong)).isEqualTo(new TokenShape.WrongChecksum());
    }
  }

  @Test
  void aCharacterThatIsNotBase62IsAWrongChecksum() {
    assertThat(shape(TOKEN.substring(0, 40) + "-" + TOKEN.substring(41)))
        .isEqualTo(new TokenShape.WrongChecksum());
  }

  @Test
  void aTokenThatIsCutOffOrHasMoreBehindItSaysSo() {
    assertThat(shape("jit_")).isEqualTo(new TokenShape.WrongLength(4, 69));
    assertThat(shape(TOKEN.substring(0, 68))).isEqualTo(new TokenShape.WrongLength(68, 69));
    assertThat(shape(TOKEN + "x")).isEqualTo(new TokenShape.WrongLength(70, 69));
  }

  @Test
  void keysPastedByMistakeAreNamed() {
    assertThat(shape(TokenSamples.withPrefix("sk_", ISSUED)))
        .isEqualTo(new TokenShape.ApiKey(TokenKind.SCOPED_KEY));
    assertThat(shape("sb_secret_whatever")).isEqualTo(new TokenShape.ApiKey(TokenKind.SECRET_KEY));
    assertThat(shape("sb_publishable_whatever"))
        .isEqualTo(new TokenShape.ApiKey(TokenKind.PUBLISHABLE_KEY));
  }

  @Test
  void aPasswordThatOnlyBeginsLikeAKeyIsAPassword() {
    assertThat(shape("sk_my-own-password")).isEqualTo(new TokenShape.Password());
  }

  @Test
  void aSupabaseTokenIsKnownByItsPrefix() {
    assertThat(shape("sbp_0123")).isEqualTo(new TokenShape.Supabase(8));
  }

  @Test
  void aJsonWebTokenTellsItsExpiryWithoutBeingTrusted() {
    assertThat(shape(jwt("{\"exp\":1795353600}")))
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
    assertThat(shape(jwt(claims))).isEqualTo(new TokenShape.Jwt(Optional.empty()));
  }

  @Test
  void whatOnlyLooksLikeAJsonWebTokenIsAPassword() {
    assertThat(shape("eyJ.x.y")).isEqualTo(new TokenShape.Password());
    assertThat(shape(jwt("{not json"))).isEqualTo(new TokenShape.Password());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pass\0word", "two\nlines", "be\u0007ll", "\u009bcsi"})
  void controlCharactersInsideAreRefused(String text) {
    assertThat(shape(text)).isInstanceOf(TokenShape.Unusable.class);
  }

  @Test
  void aMegabyteIsRefusedAtOnceAndNotRepeated() {
    TokenShape shape = shape("x".repeat(1 << 20));
    assertThat(shape)
        .isEqualTo(new TokenShape.Unusable("It is longer than any token: 1,048,576 characters."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\n", "\t"})
  void blankIsNothing(String text) {
    assertThat(shape(text)).isEqualTo(new TokenShape.Empty());
  }

  @Test
  void noShapeKeepsTheToken() {
    assertThat(shape(TOKEN).toString()).doesNotContain(TOKEN.substring(31));
    assertThat(shape("hunter2").toString()).doesNotContain("hunter2");
  }

  static Stream<Arguments> looks() {
    String key = TokenSamples.withPrefix("sk_", ISSUED);
    return Stream.of(
        Arguments.of("jit_", "WrongLength"),
        Arguments.of("JIT_" + TOKEN.substring(4), "Password"),
        Arguments.of("jit" + TOKEN.substring(4), "Password"),
        Arguments.of(TOKEN.substring(0, 10) + " " + TOKEN.substring(10), "WrongLength"),
        Arguments.of(TOKEN.substring(0, 10) + "\n" + TOKEN.substring(10), "Unusable"),
        Arguments.of(TOKEN.substring(0, 68) + "ä", "WrongChecksum"),
        Arguments.of(key, "ApiKey"),
        Arguments.of(key.substring(0, 67), "Password"),
        Arguments.of(key + "x", "Password"),
        Arguments.of(key.substring(0, 10) + "-" + key.substring(11), "Password"),
        Arguments.of("sk_", "Password"),
        Arguments.of("sb_secret_", "ApiKey"),
        Arguments.of("sb_secret", "Password"),
        Arguments.of("sb_", "Password"),
        Arguments.of("sbp_", "Supabase"),
        Arguments.of("sbp", "Password"),
        Arguments.of("eyJ", "Password"),
        Arguments.of("eyJhbGciOiJIUzI1NiJ9.e30.", "Jwt"),
        Arguments.of("eyJhbGciOiJIUzI1NiJ9.e30", "Password"),
        Arguments.of("eyJhbGciOiJIUzI1NiJ9.e30.a.b", "Password"),
        Arguments.of("hunter2 with blanks", "Password"),
        Arguments.of("x".repeat(16_384), "Password"),
        Arguments.of("x".repeat(16_385), "Unusable"),
        Arguments.of("\u00a0", "Password"));
  }

  @ParameterizedTest
  @MethodSource("looks")
  void everyLookHasItsShape(String text, String shape) {
    assertThat(shape(text).getClass().getSimpleName()).isEqualTo(shape);
  }

  static Stream<Arguments> blanks() {
    return Stream.of(
        Arguments.of(TOKEN, OptionalInt.empty()),
        Arguments.of("  " + TOKEN + "\n", OptionalInt.empty()),
        Arguments.of("  jit_a b", OptionalInt.of(5)),
        Arguments.of("sbp_\r\n", OptionalInt.empty()),
        Arguments.of("sbp_\r\nx", OptionalInt.of(4)),
        Arguments.of("eyJ x", OptionalInt.of(3)),
        Arguments.of("hunter2 with blanks", OptionalInt.empty()));
  }

  @ParameterizedTest
  @MethodSource("blanks")
  void aBlankInsideIsFoundInWhatBeginsLikeAToken(String text, OptionalInt at) {
    assertThat(TokenShape.blankInside(Secret.of(text))).isEqualTo(at);
  }

  private static TokenShape shape(String text) {
    return TokenShape.of(Secret.of(text));
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
