package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Whether it is PostgreSQL that listens: asks for TLS, which every PostgreSQL answers with one byte
 * before anybody signs in (PostgreSQL documentation, "SSL Session Encryption").
 */
final class GreetingCheck {
  private static final int TLS_REQUEST = 80_877_103;
  private static final int LONGEST_BANNER = 200;
  private static final int TLS_ALERT = 21;

  private final Patience patience;

  GreetingCheck(Patience patience) {
    this.patience = patience;
  }

  /**
   * @param offersTls whether the server will go on in TLS on the same line
   */
  record Seen(Observation observation, boolean offersTls) {}

  Seen look(Endpoint endpoint, Socket socket) {
    try {
      socket.getOutputStream().write(request());
      socket.getOutputStream().flush();
      byte[] buffer = new byte[LONGEST_BANNER];
      int length = socket.getInputStream().read(buffer);
      return length < 0
          ? new Seen(closed(endpoint), false)
          : read(endpoint, Arrays.copyOf(buffer, length));
    } catch (SocketTimeoutException silent) {
      return new Seen(silent(endpoint), false);
    } catch (IOException broken) {
      return new Seen(closed(endpoint), false);
    }
  }

  private static Seen read(Endpoint endpoint, byte[] answer) {
    // One byte and no more: what else comes before TLS is no server's answer.
    if (answer.length == 1 && answer[0] == 'S') {
      return new Seen(
          Observation.of(StepResult.passed("PostgreSQL answers, and offers TLS.")), true);
    }
    if (answer.length == 1 && answer[0] == 'N') {
      return new Seen(
          Observation.of(StepResult.passed("PostgreSQL answers, and offers no TLS.")), false);
    }
    if (answer[0] == 'E' && answer.length > 5) {
      return new Seen(
          Observation.of(
              StepResult.doubtful("PostgreSQL answers, with an error instead of TLS."),
              "It said: " + printable(answer, 5)),
          false);
    }
    String who = who(answer);
    return new Seen(
        Observation.failed(
            Finding.of(
                    Cause.NOT_POSTGRES,
                    "%s listens at port %d of %s, not PostgreSQL."
                        .formatted(who, endpoint.port(), endpoint.host()),
                    "Check the port: 5432 is PostgreSQL's usual one, 6543 a pooler's. "
                        + "Nothing secret was sent.")
                .with(new Remedy.GoTo("Fix the port", Field.PORT)),
            "It said: " + printable(answer, 0)),
        false);
  }

  private static String who(byte[] answer) {
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    if (text.startsWith("SSH-")) {
      return "An SSH server";
    }
    if (text.startsWith("HTTP/") || text.startsWith("<")) {
      return "A web server";
    }
    if (answer[0] == TLS_ALERT) {
      return "A server that wants TLS from the first byte";
    }
    boolean mysql = answer.length > 5 && answer[3] == 0 && answer[4] == 10;
    return mysql ? "A MySQL or MariaDB server" : "Something else";
  }

  private Observation silent(Endpoint endpoint) {
    return Observation.failed(
        Finding.of(
                Cause.SAYS_NOTHING,
                "Port %d of %s takes connections and then says nothing for %,d s."
                    .formatted(endpoint.port(), endpoint.host(), patience.answer().toSeconds()),
                "It is no PostgreSQL, or one that hangs, or a proxy without a server behind it. "
                    + "Check the port; whoever runs the server can tell which.")
            .with(new Remedy.GoTo("Go to the port", Field.PORT)));
  }

  private static Observation closed(Endpoint endpoint) {
    return Observation.failed(
        Finding.of(
                Cause.CLOSES_AT_ONCE,
                "Port %d of %s closes the connection instead of answering."
                    .formatted(endpoint.port(), endpoint.host()),
                "It is another service, a proxy whose server is down, or a firewall that lets "
                    + "only some addresses in. From here these look alike.")
            .with(new Remedy.GoTo("Go to the port", Field.PORT)));
  }

  private static String printable(byte[] answer, int from) {
    String text = new String(answer, from, answer.length - from, StandardCharsets.ISO_8859_1);
    String line = text.replaceAll("[^\\x20-\\x7e]+", " ").strip();
    return line.length() > 80 ? line.substring(0, 80) + "…" : line;
  }

  private static byte[] request() {
    return ByteBuffer.allocate(8).putInt(8).putInt(TLS_REQUEST).array();
  }
}
