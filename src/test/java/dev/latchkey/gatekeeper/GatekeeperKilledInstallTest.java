package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a killed install leaves is good to go on with. */
final class GatekeeperKilledInstallTest {
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

  /** Each state that a kill leaves is installed over once, and uninstalled at once another time. */
  @Test
  void whateverAKilledInstallLeftIsInstalledOverAndUninstalled() throws Exception {
    Map<List<String>, Integer> installedOver = new HashMap<>();
    Set<List<String>> uninstalled = new HashSet<>();
    int steps = 0;
    while (scripts.killed(++steps, scripts::install)) {
      List<String> left = scripts.left();
      if (installedOver.putIfAbsent(left, steps) == null) {
        scripts.good(SERVER.server().install(SERVER.service(), scripts.units()), steps);
      } else {
        uninstalled.add(left);
      }
      scripts.clear(steps);
    }
    assertThat(steps).as("steps that were tried").isGreaterThan(25);
    assertThat(installedOver).as("states that a kill left").hasSizeGreaterThan(10);
    SERVER.signIn(GatekeptServer.ROLE, SERVER.access().token());
    assertThat(SERVER.lastOutcome()).isEqualTo("accepted");
    scripts.good(SERVER.server().uninstall(SERVER.service()), steps);

    installedOver.keySet().removeAll(uninstalled);
    for (int step : installedOver.values()) {
      assertThat(scripts.killed(step, scripts::install)).isTrue();
      scripts.clear(step);
    }
  }
}
