package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A killed uninstall is finished by another, and installed over. */
final class GatekeeperKilledUninstallTest {
  @RegisterExtension static final GatekeptServer SERVER = GatekeptServer.bare();

  private static KilledScripts scripts;

  @BeforeAll
  static void makeScripts() throws IOException {
    scripts = new KilledScripts(SERVER);
  }

  @AfterAll
  static void removeScripts() {
    if (scripts != null) {
      scripts.close();
    }
  }

  @BeforeEach
  @AfterEach
  void untouched() throws IOException {
    scripts.assertUntouched("before and after");
  }

  @Test
  void aKilledUninstallIsFinishedByAnother() throws IOException {
    int steps = 0;
    scripts.good(SERVER.server().install(SERVER.service(), scripts.units()), 0);
    while (scripts.killed(++steps, scripts::uninstall)) {
      if (steps % 2 == 0) {
        scripts.good(SERVER.server().install(SERVER.service(), scripts.units()), steps);
      }
      scripts.clear(steps);
      scripts.good(SERVER.server().install(SERVER.service(), scripts.units()), steps);
    }
    assertThat(steps).as("steps that were tried").isGreaterThan(8);
  }
}
