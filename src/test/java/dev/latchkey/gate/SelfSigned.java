package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A gate's TLS with a certificate of its own for 127.0.0.1.
 *
 * @param tls what the gate needs
 * @param certificate in PEM, what its clients trust
 */
record SelfSigned(SSLContext tls, Path certificate) {
  private static final String PASSWORD = "of-the-key-store";

  static SelfSigned in(Path folder) throws Exception {
    Path store = folder.resolve("gate.p12");
    Path certificate = folder.resolve("gate.pem");
    keytool(
        "-genkeypair -alias gate -keyalg EC -groupname secp256r1 -dname CN=localhost"
            + " -ext san=ip:127.0.0.1 -validity 2 -storetype PKCS12 -keystore "
            + store);
    keytool("-exportcert -rfc -alias gate -keystore " + store + " -file " + certificate);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(factory.getKeyManagers(), null, null);
    return new SelfSigned(tls, certificate);
  }

  private static void keytool(String arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    // It runs for a moment: what the second compiler makes of it comes too late.
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("-storepass", PASSWORD));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
  }
}
