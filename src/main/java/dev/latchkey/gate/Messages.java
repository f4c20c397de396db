package dev.latchkey.gate;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The bytes of the protocol's messages that the gate itself sends. */
final class Messages {
  static final int PROTOCOL_3_0 = 3 << 16;

  private Messages() {}

  /** "Send the password as it is": the token has to be seen to be checked. */
  static byte[] passwordRequest() {
    return message('R', body -> body.writeInt(3));
  }

  /** The gate speaks 3.0 and knows none of the options. */
  static byte[] negotiateVersion(List<String> unknownOptions) {
    return message(
        'v',
        body -> {
          body.writeInt(PROTOCOL_3_0);
          body.writeInt(unknownOptions.size());
          for (String option : unknownOptions) {
            text(body, option);
          }
        });
  }

  /** The end of the connection, with a reason. */
  static byte[] fatal(String sqlState, String text) {
    return message(
        'E',
        body -> {
          field(body, 'S', "FATAL");
          field(body, 'V', "FATAL");
          field(body, 'C', sqlState);
          field(body, 'M', text);
          body.writeByte(0);
        });
  }

  /** The same for every refusal, whatever its reason. */
  static byte[] refused(String role) {
    return fatal("28000", "temporary access refused for role \"" + printable(role) + "\"");
  }

  static byte[] databaseUnavailable() {
    return fatal("57P03", "the database cannot be reached at the moment");
  }

  static byte[] tooManySessions() {
    return fatal("53300", "too many sessions at the gate");
  }

  static byte[] tooManySignIns() {
    return fatal("53300", "too many sign-ins at the gate");
  }

  static byte[] accessEnded() {
    return fatal("57P01", "terminating connection because temporary access has ended");
  }

  static byte[] gateClosing() {
    return fatal("57P01", "terminating connection because the gate closes");
  }

  static byte[] accessUnknown() {
    return fatal(
        "57P01", "terminating connection because temporary access cannot be checked at the moment");
  }

  /**
   * Whether the message from there to the limit is one by which a server ends a session on
   * somebody's order (SQLSTATE 57P01).
   */
  static boolean isShutdown(ByteBuffer bytes, int start) {
    int length = bytes.limit() - start;
    if (length < 6 || bytes.get(start) != 'E') {
      return false;
    }
    byte[] message = new byte[length];
    bytes.get(start, message);
    String fields = new String(message, 5, length - 5, StandardCharsets.ISO_8859_1);
    return fields.contains("\0C57P01\0") && fields.contains("\0VFATAL\0");
  }

  /** For the server behind the gate, always in version 3.0. */
  static byte[] startup(Map<String, String> parameters) {
    return untyped(
        body -> {
          body.writeInt(PROTOCOL_3_0);
          for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            text(body, parameter.getKey());
            text(body, parameter.getValue());
          }
          body.writeByte(0);
        });
  }

  static byte[] cancel(CancelKey key) {
    return untyped(
        body -> {
          body.writeInt(FirstPacket.CANCEL_CODE);
          body.writeInt(key.pid());
          body.write(key.secret());
        });
  }

  private interface Body {
    void write(DataOutputStream body) throws IOException;
  }

  private static byte[] message(char type, Body body) {
    byte[] content = untyped(body);
    byte[] message = new byte[content.length + 1];
    message[0] = (byte) type;
    System.arraycopy(content, 0, message, 1, content.length);
    return message;
  }

  private static byte[] untyped(Body body) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(0);
      body.write(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    byte[] packet = bytes.toByteArray();
    ByteBuffer.wrap(packet).putInt(packet.length);
    return packet;
  }

  private static void field(DataOutputStream body, char name, String value) throws IOException {
    body.writeByte(name);
    text(body, value);
  }

  private static void text(DataOutputStream body, String value) throws IOException {
    body.write(value.getBytes(StandardCharsets.UTF_8));
    body.writeByte(0);
  }

  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }
}
