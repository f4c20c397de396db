package dev.latchkey.tour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.FxHarness;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole console on a sandbox of its own, from sign-in to revocation, of a key and of access.
 */
final class TourTest {
  @RegisterExtension static final FxHarness FX = new FxHarness();

  @Test
  void everyStepWorksAndEveryScreenIsPhotographedInLightAndDark(@TempDir Path folder)
      throws IOException {
    StringWriter told = new StringWriter();
    Path pictures = Path.of("target", "tour");

    boolean well =
        new Tour(pictures, folder.resolve("sandbox"), new PrintWriter(told, true)).take();

    assertThat(told.toString())
        .doesNotContain("FAILED")
        .doesNotContainPattern("(jit|sk)_[0-9A-Za-z]{20}")
        .endsWith("all well.\n");
    assertThat(well).isTrue();
    assertThat(names(pictures))
        .contains("connect.png", "keys.png", "keys-dark.png", "keys-secret.png", "audit-dark.png")
        .contains("doctor-wrong-port.png", "doctor-revoked.png", "doctor-reason-dark.png")
        .contains("access-grant.png", "access-token-once-dark.png", "access-sessions.png")
        .contains(
            "access-revoked.png",
            "access-logins-dark.png",
            "access-narrow-grants.png",
            "palette-found.png")
        .hasSizeGreaterThanOrEqualTo(40);
  }

  @Test
  void aStepThatFailsIsToldAndFailsTheTour() {
    StringWriter told = new StringWriter();
    Steps steps = new Steps(new PrintWriter(told, true));

    steps.step("Walk", () -> {});
    try {
      steps.step("Fly", () -> Steps.expect(false, "it can fly"));
    } catch (TourFailure failure) {
      assertThat(failure).hasMessage("expected that it can fly");
    }

    assertThat(steps.finish()).isFalse();
    assertThat(told.toString())
        .contains("ok     Walk")
        .contains("FAILED Fly")
        .contains("The tour failed after 1 steps.");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
