package dev.latchkey.doctor;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Which addresses a host's name has. */
final class NameCheck {
  private static final Executor THREADS = Thread::startVirtualThread;

  private final Patience patience;

  NameCheck(Patience patience) {
    this.patience = patience;
  }

  /** A host's addresses, in the order in which they are tried. */
  record Seen(Observation observation, List<InetAddress> addresses) {}

  Seen look(String host) {
    try {
      InetAddress literal = InetAddress.ofLiteral(host);
      return new Seen(
          Observation.of(StepResult.passed("An address: there is no name to look up.")),
          List.of(literal));
    } catch (IllegalArgumentException aName) {
      return lookUp(host);
    }
  }

  private Seen lookUp(String host) {
    // The system's own look-up knows no time limit.
    CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    THREADS.execute(
        () -> {
          try {
            answer.complete(List.of(InetAddress.getAllByName(host)));
          } catch (UnknownHostException | RuntimeException unknown) {
            answer.completeExceptionally(unknown);
          }
        });
    try {
      List<InetAddress> found = answer.get(patience.lookUp().toMillis(), TimeUnit.MILLISECONDS);
      return new Seen(
          Observation.of(
              StepResult.passed(
                  found.size() == 1
                      ? "%s has one address.".formatted(host)
                      : "%s has %,d addresses.".formatted(host, found.size())),
              found.stream().map(InetAddress::getHostAddress).toList()),
          found);
    } catch (ExecutionException unknown) {
      return unknown(host, String.valueOf(unknown.getCause().getMessage()));
    } catch (TimeoutException late) {
      return unknown(
          host,
          "Temporary failure: no answer within %,d s".formatted(patience.lookUp().toSeconds()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return unknown(host, "interrupted");
    }
  }

  private static Seen unknown(String host, String evidence) {
    return new Seen(Observation.failed(failed(host, evidence), evidence), List.of());
  }

  /** What the system's answer means: a name that nobody could be asked about may be right. */
  static Finding failed(String host, String evidence) {
    if (evidence.contains("Temporary failure")) {
      return Finding.of(
          Cause.NO_NAME_SERVICE,
          "No name server says whether %s exists.".formatted(host),
          "Check this machine's network and VPN; the name itself may be right.");
    }
    return Finding.of(
            Cause.NAME_UNKNOWN,
            "There is no host named %s.".formatted(host),
            "Check its spelling, and whether it is known only within a VPN.")
        .with(new Remedy.GoTo("Fix the host", Field.HOST));
  }
}
