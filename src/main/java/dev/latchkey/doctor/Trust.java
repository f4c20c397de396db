package dev.latchkey.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whose certificates are trusted: those of the profile's file, otherwise those of the Java here.
 */
final class Trust {
  private Trust() {}

  /** The file cannot be used; the message says why. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String sentence) {
      super(sentence);
    }
  }

  static X509TrustManager in(Optional<Path> file)
      throws UnreadableException, GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(file.isPresent() ? store(file.get()) : null);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("this Java has no trust manager"));
  }

  private static KeyStore store(Path file) throws UnreadableException, GeneralSecurityException {
    Collection<? extends Certificate> certificates = certificates(file);
    if (certificates.isEmpty()) {
      throw new UnreadableException("There is no certificate in the file %s.".formatted(file));
    }
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("root" + number++, certificate);
      }
      return store;
    } catch (IOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws UnreadableException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (NoSuchFileException missing) {
      throw new UnreadableException("The root certificate %s does not exist.".formatted(file));
    } catch (CertificateException damaged) {
      throw new UnreadableException("There is no certificate in the file %s.".formatted(file));
    } catch (IOException unreadable) {
      throw new UnreadableException(
          Files.isDirectory(file)
              ? "The root certificate %s is a folder.".formatted(file)
              : "The root certificate %s cannot be read.".formatted(file));
    }
  }
}
