package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Makes a TLS connection without signing in, reads the certificates, and judges them as the
 * profile's mode asks. The probe takes any certificate, so that it can say what is wrong with it;
 * it sends nothing that somebody in between could use.
 */
final class TlsCheck {
  private final Clock clock;

  TlsCheck(Clock clock) {
    this.clock = clock;
  }

  Observation look(
      Endpoint endpoint, List<InetAddress> addresses, boolean offersTls, Socket socket) {
    if (endpoint.tls() == TlsMode.DISABLE) {
      return off(endpoint, addresses, offersTls);
    }
    if (!offersTls) {
      return Observation.failed(noTls(endpoint, addresses));
    }
    try (SSLSocket secure = secure(endpoint, socket)) {
      secure.startHandshake();
      return judge(endpoint, secure.getSession());
    } catch (GeneralSecurityException | IOException failure) {
      return Observation.failed(
          Finding.of(
              Cause.TLS_FAILED,
              failure instanceof SocketTimeoutException
                  ? "The server offers TLS and then says nothing."
                  : "Server and console could not agree on TLS.",
              "The server may want an older version or a client certificate. "
                  + "Whoever runs it sees the reason in its log."),
          String.valueOf(failure.getMessage()));
    }
  }

  private static Observation off(
      Endpoint endpoint, List<InetAddress> addresses, boolean offersTls) {
    if (addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
      return Observation.of(new StepResult.NotNeeded("Not used: the server is on this machine."));
    }
    Finding finding =
        Finding.of(
            Cause.CLEAR_TEXT_TO_REMOTE,
            "The profile asks for no encryption, and %s is another machine."
                .formatted(endpoint.host()),
            "The token would travel in clear text, so the doctor does not send it.");
    return Observation.failed(
        offersTls
            ? finding.with(mode("Encrypt the connection", endpoint, TlsMode.VERIFY_FULL))
            : finding.with(new Remedy.GoTo("Go to the TLS mode", Field.TLS)));
  }

  private static Finding noTls(Endpoint endpoint, List<InetAddress> addresses) {
    Finding finding =
        Finding.of(
            Cause.NO_TLS,
            "The server at %s offers no TLS, and the profile asks for it."
                .formatted(endpoint.host()),
            "Have ssl switched on in the server. The token is not sent in clear text.");
    return addresses.stream().allMatch(InetAddress::isLoopbackAddress)
        ? new Finding(
            finding.cause(),
            finding.sentence(),
            "It is on this machine, so that encryption can be left out.",
            finding.code(),
            List.of(mode("Connect without TLS", endpoint, TlsMode.DISABLE)),
            "")
        : finding;
  }

  private Observation judge(Endpoint endpoint, SSLSession session) throws IOException {
    List<X509Certificate> chain = new ArrayList<>();
    for (var certificate : session.getPeerCertificates()) {
      chain.add((X509Certificate) certificate);
    }
    ServerCertificate server = new ServerCertificate(chain.getFirst());
    List<String> evidence = new ArrayList<>();
    evidence.add(session.getProtocol().replace("TLSv", "TLS ") + ", " + session.getCipherSuite());
    evidence.addAll(server.evidence());
    Optional<Finding> trouble = trouble(endpoint, chain, session);
    if (!endpoint.tls().verifiesCertificate()) {
      String rest =
          trouble.isPresent() ? " It would not pass verification." : " It would pass verification.";
      return Observation.of(
          StepResult.doubtful("Encrypted; who the server is was not verified." + rest), evidence);
    }
    String whom =
        endpoint.tls().verifiesName()
            ? "Encrypted; the certificate is trusted and for this host."
            : "Encrypted; the certificate is trusted. Its name is not checked.";
    return Observation.of(
        trouble
            .<StepResult>map(StepResult.Failed::new)
            .orElseGet(() -> new StepResult.Passed(whom, !endpoint.tls().verifiesName())),
        evidence);
  }

  private Optional<Finding> trouble(
      Endpoint endpoint, List<X509Certificate> chain, SSLSession session) {
    X509Certificate own = chain.getFirst();
    Instant now = clock.instant();
    String host = endpoint.host();
    if (own.getNotAfter().toInstant().isBefore(now)) {
      return Optional.of(
          Finding.of(
              Cause.CERTIFICATE_EXPIRED,
              "The certificate of %s expired on %s."
                  .formatted(host, Moments.minute(own.getNotAfter().toInstant())),
              "Have whoever runs the server renew it. The token is not sent until then."));
    }
    if (own.getNotBefore().toInstant().isAfter(now)) {
      return Optional.of(
          Finding.of(
              Cause.CERTIFICATE_NOT_YET_VALID,
              "The certificate of %s is valid only from %s."
                  .formatted(host, Moments.minute(own.getNotBefore().toInstant())),
              "Check this machine's clock; otherwise the server has the wrong certificate."));
    }
    return untrusted(endpoint, chain)
        .or(() -> otherName(endpoint, new ServerCertificate(own), session));
  }

  private static Optional<Finding> untrusted(Endpoint endpoint, List<X509Certificate> chain) {
    X509TrustManager trust;
    try {
      trust = Trust.in(endpoint.rootCertificate());
    } catch (Trust.UnreadableException unreadable) {
      return Optional.of(
          Finding.of(
                  Cause.ROOT_CERTIFICATE_UNREADABLE,
                  unreadable.getMessage(),
                  "Choose the file with the certificate of the server's authority, as PEM.")
              .with(new Remedy.ChooseRootCertificate()));
    } catch (GeneralSecurityException broken) {
      return Optional.of(refused(endpoint, String.valueOf(broken.getMessage())));
    }
    try {
      trust.checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
      return Optional.empty();
    } catch (CertificateException untrusted) {
      String why = String.valueOf(untrusted.getMessage());
      return Optional.of(
          why.contains("path building") || why.contains("No trusted certificate")
              ? unknownIssuer(endpoint, new ServerCertificate(chain.getFirst()))
              : refused(endpoint, why));
    }
  }

  private static Finding unknownIssuer(Endpoint endpoint, ServerCertificate server) {
    String whom =
        endpoint.rootCertificate().isPresent()
            ? "the profile's root certificate"
            : "any authority that this Java trusts";
    String sentence =
        server.isSelfSigned()
            ? "The certificate of %s is signed by itself, not by %s."
                .formatted(endpoint.host(), whom)
            : "The certificate of %s was issued by %s, not by %s."
                .formatted(endpoint.host(), server.issuer(), whom);
    return Finding.of(
            Cause.CERTIFICATE_UNKNOWN_ISSUER,
            sentence,
            "Get the authority's certificate from whoever runs the server, on a way that you "
                + "trust, and choose it. The token is not sent until then.")
        .with(new Remedy.ChooseRootCertificate());
  }

  private static Finding refused(Endpoint endpoint, String why) {
    return Finding.of(
            Cause.CERTIFICATE_REFUSED,
            "The certificate of %s is not acceptable: %s".formatted(endpoint.host(), why),
            "Have whoever runs the server replace it. The token is not sent until then.")
        .with(new Remedy.ChooseRootCertificate());
  }

  private static Optional<Finding> otherName(
      Endpoint endpoint, ServerCertificate server, SSLSession session) {
    if (endpoint.tls() == TlsMode.VERIFY_CA || PostgresHostName.matches(endpoint.host(), session)) {
      return Optional.empty();
    }
    List<String> names = server.names();
    Finding finding =
        Finding.of(
            Cause.CERTIFICATE_FOR_OTHER_NAME,
            "The certificate is for %s, not for %s."
                .formatted(String.join(", ", names), endpoint.host()),
            "Enter the host by a name that the certificate has, or have it reissued. "
                + "The token is not sent to a server with another name.");
    boolean one = names.size() == 1 && !names.getFirst().contains("*");
    return Optional.of(
        one
            ? finding.with(
                new Remedy.Change(
                    "Use the certificate's name", Field.HOST, endpoint.host(), names.getFirst()))
            : finding.with(new Remedy.GoTo("Fix the host", Field.HOST)));
  }

  private static Remedy mode(String label, Endpoint endpoint, TlsMode mode) {
    return new Remedy.Change(label, Field.TLS, endpoint.tls().parameter(), mode.parameter());
  }

  private static SSLSocket secure(Endpoint endpoint, Socket socket)
      throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new AnyCertificate()}, null);
    return (SSLSocket)
        context.getSocketFactory().createSocket(socket, endpoint.host(), endpoint.port(), true);
  }
}
