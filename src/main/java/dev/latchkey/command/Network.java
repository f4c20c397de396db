package dev.latchkey.command;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A network in CIDR form, checked before it travels. */
record Network(String text) {
  /** As a literal of type {@code cidr[]}. */
  static String array(List<Network> networks) {
    return networks.stream().map(Network::text).collect(Collectors.joining(",", "{", "}"));
  }

  static final class Converter implements ITypeConverter<Network> {
    @Override
    public Network convert(String text) {
      String[] parts = text.split("/", -1);
      try {
        byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
        int bits = address.length * 8;
        int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
        boolean fits = parts.length <= 2 && prefix >= 0 && prefix <= bits && !text.contains("%");
        if (fits && new BigInteger(1, address).getLowestSetBit() < 0
            || fits && new BigInteger(1, address).getLowestSetBit() >= bits - prefix) {
          return new Network(text);
        }
      } catch (IllegalArgumentException none) {
        // Said below.
      }
      throw new TypeConversionException(
          "must be a network such as 203.0.113.0/24 or 2001:db8::/32");
    }
  }
}
