package dev.latchkey.doctor;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** A certificate in words. */
final class ServerCertificate {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private final X509Certificate certificate;

  ServerCertificate(X509Certificate certificate) {
    this.certificate = certificate;
  }

  /** The hosts that it is for: its alternative names, or its common name where it has none. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> name : alternatives) {
          if (name.getFirst().equals(DNS) || name.getFirst().equals(ADDRESS)) {
            names.add(String.valueOf(name.get(1)));
          }
        }
      }
    } catch (CertificateParsingException damaged) {
      return List.of("names that cannot be read");
    }
    return names.isEmpty() ? List.of(commonName(certificate.getSubjectX500Principal())) : names;
  }

  String issuer() {
    return commonName(certificate.getIssuerX500Principal());
  }

  boolean isSelfSigned() {
    return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
  }

  List<String> evidence() {
    return List.of(
        "Certificate for " + String.join(", ", names()),
        isSelfSigned() ? "Signed by itself" : "Issued by " + issuer(),
        "Valid from %s to %s"
            .formatted(
                Moments.minute(certificate.getNotBefore().toInstant()),
                Moments.minute(certificate.getNotAfter().toInstant())));
  }

  private static String commonName(X500Principal principal) {
    String all = principal.getName(X500Principal.RFC2253);
    try {
      return new LdapName(all)
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(Rdn::getValue)
              .map(String::valueOf)
              .findFirst()
              .orElse(all);
    } catch (InvalidNameException odd) {
      return all;
    }
  }
}
