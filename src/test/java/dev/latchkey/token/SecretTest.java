package dev.latchkey.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecretTest {

  @Test
  void printsAsDotsAndIsWipedWhenItIsClosed() {
    Secret secret = Secret.of("hunter2");
    assertThat(secret).hasToString("••••");
    secret.close();
    assertThat(secret.reveal()).isEqualTo("\0".repeat(7));
  }

  @Test
  void aCopyLivesOnWhenTheOriginalIsWiped() {
    Secret secret = Secret.of(" hunter2\n");
    try (Secret copy = secret.copy();
        Secret trimmed = secret.trimmed()) {
      secret.close();
      assertThat(copy.reveal()).isEqualTo(" hunter2\n");
      assertThat(trimmed.reveal()).isEqualTo("hunter2");
    }
  }

  @Test
  void anArrayIsTakenOverAndWiped() {
    char[] typed = "hunter2".toCharArray();
    Secret.of(typed).close();
    assertThat(typed).containsOnly('\0');
  }

  @Test
  void aJobHasACopyThatIsWipedWhenTheJobIsDone() throws Exception {
    Secret[] seen = new Secret[1];
    Callable<String> job;
    try (Secret secret = Secret.of("hunter2")) {
      job =
          secret.lentTo(
              lent -> {
                seen[0] = lent;
                return lent.reveal();
              });
    }
    assertThat(job.call()).isEqualTo("hunter2");
    assertThat(seen[0].reveal()).isEqualTo("\0".repeat(7));
  }

  @Test
  void aJobThatFailsWipesItsCopyToo() {
    Secret[] seen = new Secret[1];
    Callable<String> job =
        Secret.of("hunter2")
            .lentTo(
                lent -> {
                  seen[0] = lent;
                  throw new IllegalStateException("refused");
                });
    assertThatThrownBy(job::call).hasMessage("refused");
    assertThat(seen[0].reveal()).isEqualTo("\0".repeat(7));
  }

  @Test
  void blanksAreTakenOutWhereverTheyAre() {
    assertThat(Secret.of(" jit_a b\r\nc\t").withoutBlanks().reveal()).isEqualTo("jit_abc");
    assertThat(Secret.of("  ").withoutBlanks().isEmpty()).isTrue();
  }

  @Test
  void isTheSameByItsCharacters() {
    assertThat(Secret.of("a").sameAs(Secret.of("a"))).isTrue();
    assertThat(Secret.of("a").sameAs(Secret.of("ab"))).isFalse();
    assertThat(Secret.none().sameAs(Secret.of(""))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "hunter2, as hunter2 and hunter2, as •••• and ••••",
    "hunter2, hunter, hunter",
    "hunter2, hunthunter2, hunt••••",
    "' hunter2 ', hunter2, ••••",
    "ababab, abababab, ••••ab",
    "short, short, short",
    "'', text, text",
  })
  void isHiddenInTextsThatRepeatIt(String secret, String text, String hidden) {
    assertThat(Secret.of(secret).hiddenIn(text)).isEqualTo(hidden);
  }
}
