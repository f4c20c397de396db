package dev.latchkey.gate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client may send before it is signed in. These packets have no type byte, only a length and
 * a code; see "Message Formats" in PostgreSQL's documentation.
 */
sealed interface FirstPacket {
  /** PostgreSQL's own limit, length field included. */
  int LONGEST = 10_000;

  int SHORTEST = 8;

  /** Asks for TLS. */
  record TlsRequest() implements FirstPacket {}

  /** Asks for GSSAPI encryption. */
  record GssRequest() implements FirstPacket {}

  /** Asks to cancel what the session with this key does. */
  record Cancel(CancelKey key) implements FirstPacket {}

  /**
   * Asks for a session.
   *
   * @param minorVersion of protocol 3
   * @param parameters user, database, options and settings in the client's order, without protocol
   *     options
   * @param protocolOptions names that begin with {@code _pq_.}
   */
  record Startup(int minorVersion, Map<String, String> parameters, List<String> protocolOptions)
      implements FirstPacket {

    String role() {
      return parameters.get("user");
    }

    /** Whether the client wants something of protocol 3.0's successors. */
    boolean needsNegotiation() {
      return minorVersion > 0 || !protocolOptions.isEmpty();
    }

    boolean wantsReplication() {
      return parameters.containsKey("replication");
    }
  }

  int TLS_CODE = 80877103;
  int GSS_CODE = 80877104;
  int CANCEL_CODE = 80877102;
  int MAJOR_VERSION = 3;
  String PROTOCOL_OPTION = "_pq_.";
  int LONGEST_CANCEL_SECRET = 256;

  /**
   * Reads what follows the length field.
   *
   * @throws MalformedPacketException for anything that is not exactly one of these packets
   */
  static FirstPacket parse(byte[] body) throws MalformedPacketException {
    ByteBuffer rest = ByteBuffer.wrap(body);
    try {
      int code = rest.getInt();
      return switch (code) {
        case TLS_CODE -> complete(rest, new TlsRequest());
        case GSS_CODE -> complete(rest, new GssRequest());
        case CANCEL_CODE -> cancel(rest);
        default -> {
          if (code >>> 16 != MAJOR_VERSION) {
            throw new MalformedPacketException("unknown protocol version");
          }
          yield startup(code & 0xffff, rest);
        }
      };
    } catch (BufferUnderflowException cut) {
      throw new MalformedPacketException("packet is cut off");
    }
  }

  private static FirstPacket complete(ByteBuffer rest, FirstPacket packet)
      throws MalformedPacketException {
    if (rest.hasRemaining()) {
      throw new MalformedPacketException("packet is too long");
    }
    return packet;
  }

  private static Cancel cancel(ByteBuffer rest) throws MalformedPacketException {
    int pid = rest.getInt();
    byte[] secret = new byte[rest.remaining()];
    rest.get(secret);
    if (secret.length < 4 || secret.length > LONGEST_CANCEL_SECRET) {
      throw new MalformedPacketException("cancel key has a wrong length");
    }
    return new Cancel(new CancelKey(pid, secret));
  }

  private static Startup startup(int minorVersion, ByteBuffer rest)
      throws MalformedPacketException {
    Map<String, String> parameters = new LinkedHashMap<>();
    List<String> protocolOptions = new ArrayList<>();
    for (String name = text(rest); !name.isEmpty(); name = text(rest)) {
      String value = text(rest);
      if (name.startsWith(PROTOCOL_OPTION)) {
        protocolOptions.add(name);
      } else if (parameters.putIfAbsent(name, value) != null) {
        throw new MalformedPacketException("parameter is given twice");
      }
    }
    if (parameters.getOrDefault("user", "").isEmpty()) {
      throw new MalformedPacketException("no user");
    }
    var startup =
        new Startup(
            minorVersion, Collections.unmodifiableMap(parameters), List.copyOf(protocolOptions));
    complete(rest, startup);
    return startup;
  }

  /** A text up to its zero byte. */
  private static String text(ByteBuffer rest) throws MalformedPacketException {
    byte[] all = rest.array();
    int start = rest.position();
    int end = start;
    while (end < rest.limit() && all[end] != 0) {
      end++;
    }
    if (end == rest.limit()) {
      throw new MalformedPacketException("text has no end");
    }
    rest.position(end + 1);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Arrays.copyOfRange(all, start, end)))
          .toString();
    } catch (CharacterCodingException foreign) {
      throw new MalformedPacketException("text is not UTF-8");
    }
  }
}
