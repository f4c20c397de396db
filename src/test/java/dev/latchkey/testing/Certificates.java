package dev.latchkey.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Certificates made with the JDK's keytool, all in one key store of a test. */
public final class Certificates {
  private static final String PASSWORD = "of-the-key-store";

  private final Path store;

  public Certificates(Path folder) {
    this.store = folder.resolve("keys.p12");
  }

  /** An authority by the name of {@code alias}. */
  public void authority(String alias) {
    keytool("-genkeypair -alias %s -dname CN=%s -ext bc:c".formatted(alias, alias));
  }

  /**
   * A server's certificate.
   *
   * @param more such as {@code -ext san=ip:127.0.0.1 -validity 2 -signer authority}
   */
  public void server(String alias, String more) {
    keytool("-genkeypair -alias %s -dname CN=%s %s".formatted(alias, alias, more));
  }

  /** The certificate of {@code alias} as a PEM file. */
  public Path pem(Path folder, String alias) {
    try {
      byte[] der = load().getCertificate(alias).getEncoded();
      return Files.writeString(folder.resolve(alias + ".pem"), block("CERTIFICATE", der));
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    } catch (GeneralSecurityException exception) {
      throw new IllegalStateException(exception);
    }
  }

  /** The private key of {@code alias} as a PEM file. */
  public Path keyPem(Path folder, String alias) {
    try {
      byte[] der = load().getKey(alias, PASSWORD.toCharArray()).getEncoded();
      return Files.writeString(folder.resolve(alias + ".key"), block("PRIVATE KEY", der));
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    } catch (GeneralSecurityException exception) {
      throw new IllegalStateException(exception);
    }
  }

  private static String block(String kind, byte[] der) {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, base64);
  }

  /** A server that shows the certificate of {@code alias}. */
  public SSLContext context(String alias) {
    try {
      KeyStore all = load();
      KeyStore one = KeyStore.getInstance("PKCS12");
      one.load(null, null);
      one.setKeyEntry(
          alias,
          all.getKey(alias, PASSWORD.toCharArray()),
          PASSWORD.toCharArray(),
          all.getCertificateChain(alias));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(one, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    } catch (GeneralSecurityException exception) {
      throw new IllegalStateException(exception);
    }
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void keytool(String arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    // It runs for a moment: what the second compiler makes of it comes too late.
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of(arguments.strip().split(" +")));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(output);
      }
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    } catch (InterruptedException exception) {
      throw new AssertionError(exception);
    }
  }
}
