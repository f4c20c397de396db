package dev.latchkey.doctor;

import javax.net.ssl.SSLSession;
import org.postgresql.ssl.PGjdbcHostnameVerifier;

/** Whether a certificate is for a host, by the driver's own rule: it decides at the sign-in. */
final class PostgresHostName {
  private PostgresHostName() {}

  static boolean matches(String host, SSLSession session) {
    return PGjdbcHostnameVerifier.INSTANCE.verify(host, session);
  }
}
