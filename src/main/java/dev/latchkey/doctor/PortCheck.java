package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether somebody takes connections at the port, at each of the addresses. */
final class PortCheck {
  private final Patience patience;

  PortCheck(Patience patience) {
    this.patience = patience;
  }

  /** An open line to the first address that answers. */
  record Seen(Observation observation, Optional<Sockets.Line> line) {}

  /** What came of an address. */
  private enum Outcome {
    OPEN,
    REFUSED,
    SILENT,
    NO_ROUTE
  }

  Seen look(Endpoint endpoint, List<InetAddress> addresses) {
    List<String> evidence = new ArrayList<>();
    List<Outcome> outcomes = new ArrayList<>();
    Optional<Sockets.Line> line = Optional.empty();
    for (InetAddress address : addresses) {
      try {
        Sockets.Line opened =
            Sockets.open(address, endpoint.port(), patience.connect(), patience.answer());
        outcomes.add(Outcome.OPEN);
        evidence.add(told(address, endpoint, "open"));
        if (line.isEmpty()) {
          line = Optional.of(opened);
        } else {
          opened.close();
        }
      } catch (IOException failure) {
        outcomes.add(outcome(failure));
        evidence.add(told(address, endpoint, words(failure)));
      }
    }
    StepResult result =
        line.isPresent() ? open(endpoint, outcomes) : failed(endpoint, addresses, outcomes);
    return new Seen(Observation.of(result, evidence), line);
  }

  private static StepResult open(Endpoint endpoint, List<Outcome> outcomes) {
    long closed = outcomes.stream().filter(outcome -> outcome != Outcome.OPEN).count();
    return closed == 0
        ? StepResult.passed("Somebody takes connections at port %d.".formatted(endpoint.port()))
        : StepResult.doubtful(
            "%,d of %,d addresses do not answer; the next one is used."
                .formatted(closed, outcomes.size()));
  }

  private StepResult failed(
      Endpoint endpoint, List<InetAddress> addresses, List<Outcome> outcomes) {
    Remedy port = new Remedy.GoTo("Go to the port", Field.PORT);
    if (outcomes.contains(Outcome.REFUSED)) {
      return new StepResult.Failed(
          Finding.of(
                  Cause.PORT_REFUSED,
                  "%s is there, but nobody listens at port %d."
                      .formatted(endpoint.host(), endpoint.port()),
                  "Check the port: 5432 is PostgreSQL's usual one, 6543 a pooler's. "
                      + "The server may also be down, or a firewall may refuse.")
              .with(port));
    }
    if (outcomes.contains(Outcome.SILENT)) {
      return new StepResult.Failed(
          Finding.of(
                  Cause.PORT_SILENT,
                  "Nothing answers at port %d of %s within %,d s."
                      .formatted(endpoint.port(), endpoint.host(), patience.connect().toSeconds()),
                  "A firewall drops the connection, a VPN is missing, or the machine is down. "
                      + "From here these look alike; whoever runs the server can tell.")
              .with(port));
    }
    boolean six = addresses.stream().allMatch(Inet6Address.class::isInstance);
    return new StepResult.Failed(
        Finding.of(
            Cause.NO_ROUTE,
            six
                ? "%s has IPv6 addresses only, and this machine has no way to them."
                    .formatted(endpoint.host())
                : "This machine has no way to %s.".formatted(endpoint.host()),
            six
                ? "Use a network with IPv6, or the pooler's host, which has IPv4."
                : "Check the network and whether you need a VPN."));
  }

  private static Outcome outcome(IOException failure) {
    if (failure instanceof SocketTimeoutException) {
      return Outcome.SILENT;
    }
    if (failure instanceof ConnectException
        && !(failure instanceof NoRouteToHostException)
        && !String.valueOf(failure.getMessage()).contains("unreachable")) {
      return String.valueOf(failure.getMessage()).contains("timed out")
          ? Outcome.SILENT
          : Outcome.REFUSED;
    }
    return Outcome.NO_ROUTE;
  }

  private static String words(IOException failure) {
    return switch (outcome(failure)) {
      case OPEN -> "open";
      case REFUSED -> "refused";
      case SILENT -> "no answer";
      case NO_ROUTE -> "no way there (%s)".formatted(failure.getMessage());
    };
  }

  private static String told(InetAddress address, Endpoint endpoint, String what) {
    String literal = address.getHostAddress();
    String place = address instanceof Inet6Address ? "[" + literal + "]" : literal;
    return "%s:%d %s".formatted(place, endpoint.port(), what);
  }
}
