package dev.latchkey.gatekeeper;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Signs in over TLS byte by byte: with names and passwords that no driver would send, and with a
 * pause before the password.
 */
final class TlsClient implements AutoCloseable {
  private static final int TLS_REQUEST = 80_877_103;
  private static final int PROTOCOL = 196_608;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  TlsClient(DebianServer server) throws IOException, GeneralSecurityException {
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port());
    plain.setSoTimeout(120_000);
    var request = new DataOutputStream(plain.getOutputStream());
    request.writeInt(8);
    request.writeInt(TLS_REQUEST);
    request.flush();
    if (plain.getInputStream().read() != 'S') {
      throw new IOException("the server has no TLS");
    }
    socket = trusting(server).getSocketFactory().createSocket(plain, "127.0.0.1", 0, true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** Up to the server's question for a password; empty, or the SQLSTATE when it ended before. */
  String begin(byte[] role) throws IOException {
    var body = new ByteArrayOutputStream();
    var writer = new DataOutputStream(body);
    writer.writeInt(PROTOCOL);
    zeroEnded(writer, bytes("user"));
    zeroEnded(writer, role);
    zeroEnded(writer, bytes("database"));
    zeroEnded(writer, bytes(DebianServer.DATABASE));
    writer.writeByte(0);
    out.writeInt(body.size() + 4);
    body.writeTo(out);
    out.flush();
    return answer();
  }

  /** The SQLSTATE of the refusal; empty when it let in. */
  String password(byte[] password) throws IOException {
    out.writeByte('p');
    out.writeInt(password.length + 5);
    out.write(password);
    out.writeByte(0);
    out.flush();
    return answer();
  }

  /** The SQLSTATE of the refusal; empty when it let in. */
  static String signIn(DebianServer server, byte[] role, byte[] password)
      throws IOException, GeneralSecurityException {
    try (var client = new TlsClient(server)) {
      String early = client.begin(role);
      return early.isEmpty() ? client.password(password) : early;
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String answer() throws IOException {
    char type = (char) in.readByte();
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    if (type == 'R') {
      return "";
    }
    for (String field : new String(body, StandardCharsets.ISO_8859_1).split("\0")) {
      if (type == 'E' && field.startsWith("C")) {
        return field.substring(1);
      }
    }
    throw new IOException("unexpected message " + type);
  }

  private static void zeroEnded(DataOutputStream writer, byte[] text) throws IOException {
    writer.write(text);
    writer.writeByte(0);
  }

  private static SSLContext trusting(DebianServer server)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream file = Files.newInputStream(server.authority())) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
