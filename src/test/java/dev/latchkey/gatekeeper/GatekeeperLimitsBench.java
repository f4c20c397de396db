package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How long a client waits for its refusal when the server hangs: from the password that it sends to
 * the error that it gets, over TLS on loopback, through PAM.
 */
final class GatekeeperLimitsBench {
  @RegisterExtension static final GatekeptServer SERVER = new GatekeptServer();

  private static final int TIMES = 10;
  private static final Path RESULT = Path.of("target", "bench", "gatekeeper-limits.md");

  @FunctionalInterface
  private interface Hanging {
    double secondsToRefusal(TlsClient client, byte[] token) throws Exception;
  }

  @Test
  void whileTheServerHangs() throws Exception {
    String table =
        "| what hangs | shortest | median | longest |\n|---|--:|--:|--:|\n"
            + row("the server takes no new connection", GatekeeperLimitsBench::postmasterStopped)
            + row("the decision waits for a lock", GatekeeperLimitsBench::tokensLocked)
            + row("its server process stands still", GatekeeperLimitsBench::processFrozen);
    Files.createDirectories(RESULT.getParent());
    Files.writeString(RESULT, table);
  }

  private static String row(String what, Hanging hanging) throws Exception {
    byte[] token = TlsClient.bytes(SERVER.access().token());
    List<Double> seconds = new ArrayList<>();
    for (int time = 0; time < TIMES; time++) {
      try (var client = new TlsClient(SERVER.server())) {
        assertThat(client.begin(TlsClient.bytes(GatekeptServer.ROLE))).isEmpty();
        seconds.add(hanging.secondsToRefusal(client, token));
      }
      SERVER.assertNothingLeft();
    }
    Collections.sort(seconds);
    return "| %s | %.2f s | %.2f s | %.2f s |%n"
        .formatted(
            what, seconds.getFirst(), (seconds.get(4) + seconds.get(5)) / 2, seconds.getLast());
  }

  private static double postmasterStopped(TlsClient client, byte[] token) throws Exception {
    GatekeptServer.signal("STOP", SERVER.server().postmaster());
    try {
      return refused(client, token);
    } finally {
      GatekeptServer.signal("CONT", SERVER.server().postmaster());
    }
  }

  private static double tokensLocked(TlsClient client, byte[] token) throws Exception {
    try (Connection blocker = SERVER.holdingTokens()) {
      double seconds = refused(client, token);
      blocker.rollback();
      return seconds;
    }
  }

  private static double processFrozen(TlsClient client, byte[] token) throws Exception {
    try (Connection blocker = SERVER.holdingTokens();
        var others = Executors.newVirtualThreadPerTaskExecutor()) {
      var refused = others.submit(() -> refused(client, token));
      long frozen = SERVER.freezeWaitingHelper();
      try {
        return refused.get();
      } finally {
        GatekeptServer.signal("CONT", frozen);
        blocker.rollback();
      }
    }
  }

  private static double refused(TlsClient client, byte[] token) throws Exception {
    long start = System.nanoTime();
    assertThat(client.password(token)).isEqualTo("28000");
    return (System.nanoTime() - start) / 1e9;
  }
}
