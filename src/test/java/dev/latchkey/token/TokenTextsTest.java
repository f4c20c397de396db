package dev.latchkey.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.doctor.TokenSamples;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens in texts where they should not be: searches, answers of servers, wrong fields. */
final class TokenTextsTest {
  private static final Instant ISSUED = Instant.parse("2026-11-22T13:00:00Z");
  private static final String TOKEN = TokenSamples.temporary(ISSUED);
  private static final String ID = TOKEN.substring(4, 31);

  static Stream<Arguments> searches() {
    return Stream.of(
        Arguments.of(TOKEN, ID),
        Arguments.of("  " + TOKEN + "\n", ID),
        Arguments.of(TOKEN.substring(0, 40), ID),
        Arguments.of(TOKEN.substring(0, 32), ID),
        Arguments.of(TOKEN.substring(0, 31), TOKEN.substring(0, 31)),
        Arguments.of(TokenSamples.withPrefix("sk_", ISSUED), ID),
        Arguments.of(TokenSamples.withPrefix("sb_secret_", ISSUED), ID),
        Arguments.of(TokenSamples.withPrefix("sb_publishable_", ISSUED), ID),
        Arguments.of("jit_2bKq", "jit_2bKq"),
        Arguments.of("jit_" + "-".repeat(40), "jit_" + "-".repeat(40)),
        Arguments.of(" mara@acme.io ", "mara@acme.io"),
        Arguments.of("", ""));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void ofATokenOnlyThePublicPartIsSearched(String typed, String searched) {
    assertThat(PublicPart.of(typed)).isEqualTo(searched);
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("role \"" + TOKEN + "\" is not there", "role \"••••\" is not there"),
        Arguments.of(TOKEN.substring(0, 20), "••••"),
        Arguments.of("jit_2bKq…x9f3", "jit_2bKq…x9f3"),
        Arguments.of("sbp_" + "0123456789abcdef".repeat(3), "••••"),
        Arguments.of("sk_" + "a".repeat(65) + ", " + "sb_secret_" + "a".repeat(65), "••••, ••••"),
        Arguments.of("sb_publishable_aaaaaaaaaaaaaaaaa", "sb_publishable_aaaaaaaaaaaaaaaaa"),
        Arguments.of("eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "••••"),
        Arguments.of("eyJ.x.y", "eyJ.x.y"),
        Arguments.of("a role", "a role"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whatLooksLikeASecretIsHidden(String text, String hidden) {
    assertThat(TokenTraces.hiddenIn(text)).isEqualTo(hidden);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUPABASE")
  void everyKindOfOursIsBuiltAlike(TokenKind kind) {
    String sample = TokenSamples.withPrefix(kind.prefix(), ISSUED);
    assertThat(kind.fits(sample)).isTrue();
    assertThat(kind.ksuid(sample)).contains(new Ksuid(ID));
    assertThat(TokenKind.of(sample)).contains(kind);
    assertThat(kind.fits(sample.substring(1))).isFalse();
    assertThat(kind.fits(sample + "0")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2bKq", "00000000000000000000000000-", "0000000000000000000000000000"})
  void onlyAKsuidIsOne(String text) {
    assertThatThrownBy(() -> new Ksuid(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("0000");
  }

  @Test
  void aKsuidTellsTheSecondItWasMadeIn() {
    assertThat(new Ksuid("0".repeat(27)).issued()).isEqualTo("2014-05-13T16:53:20Z");
    assertThat(new Ksuid("aWgEPTl1tmebfsQzFP4bxwgy80V").issued()).isEqualTo("2150-06-19T23:21:35Z");
  }
}
