package dev.latchkey.widget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.FxHarness;
import java.util.Map;
import javafx.scene.input.Clipboard;
import javafx.scene.input.DataFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TimedClipboardTest {
  @RegisterExtension static final FxHarness fx = new FxHarness();

  private final DirectTasks tasks = new DirectTasks();
  private final TimedClipboard clipboard = new TimedClipboard(tasks);

  @Test
  void aSecretIsTakenOutAfter45Seconds() {
    fx.run(() -> clipboard.copySecret("sk_secret"));
    assertThat(content()).isEqualTo("sk_secret");
    elapse(TimedClipboard.SECRET_SECONDS - 1);
    assertThat(content()).isEqualTo("sk_secret");
    assertThat(clipboard.secondsLeftProperty().get()).isEqualTo(1);
    elapse(1);
    assertThat(content()).isNull();
    assertThat(clipboard.secondsLeftProperty().get()).isZero();
  }

  @Test
  void whatSomebodyElseCopiedMeanwhileStays() {
    fx.run(() -> clipboard.copySecret("sk_secret"));
    fx.run(
        () -> Clipboard.getSystemClipboard().setContent(Map.of(DataFormat.PLAIN_TEXT, "a letter")));
    elapse(TimedClipboard.SECRET_SECONDS);
    assertThat(content()).isEqualTo("a letter");
  }

  @Test
  void whatIsNoSecretStays() {
    fx.run(() -> clipboard.copySecret("sk_secret"));
    fx.run(() -> clipboard.copy("select 1"));
    elapse(TimedClipboard.SECRET_SECONDS);
    assertThat(content()).isEqualTo("select 1");
  }

  @Test
  void closingTheWindowTakesTheSecretOutAtOnce() {
    fx.run(() -> clipboard.copySecret("sk_secret"));
    fx.run(clipboard::clearSecret);
    assertThat(content()).isNull();
  }

  private void elapse(int seconds) {
    fx.run(
        () -> {
          for (int second = 0; second < seconds; second++) {
            tasks.elapse();
          }
        });
  }

  private static String content() {
    return fx.get(() -> Clipboard.getSystemClipboard().getString());
  }
}
