package dev.latchkey.change;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A network in CIDR notation, IPv4 or IPv6, as PostgreSQL's type {@code cidr} takes it: no bits to
 * the right of the prefix. A single address is a network of one.
 */
public record Network(String cidr, String first, String last, BigInteger addresses) {
  private static final int LONGEST = 60;
  private static final Pattern CHARACTERS = Pattern.compile("[0-9A-Fa-f:./]+");
  private static final int BITS_TO_COUNT = 40;

  private static final IPAddressStringParameters STRICT =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowSingleSegment(false)
          .allowPrefixOnly(false)
          .allowMask(false)
          .allowWildcardedSeparator(false)
          .setRangeOptions(RangeParameters.NO_RANGE)
          .getIPv4AddressParametersBuilder()
          .allow_inet_aton(false)
          .allowLeadingZeros(false)
          .getParentBuilder()
          .getIPv6AddressParametersBuilder()
          .allowZone(false)
          .allowBase85(false)
          .getParentBuilder()
          .toParams();

  /** What a text turned out to be. */
  public sealed interface Reading {
    record Good(Network network) implements Reading {}

    /**
     * @param sentence what is wrong with it
     * @param meant what was probably meant
     */
    record Bad(String sentence, Optional<String> meant) implements Reading {}
  }

  /** Reads what somebody typed. */
  public static Reading read(String text) {
    String typed = text.strip();
    if (typed.length() > LONGEST) {
      return bad("This is too long for a network.");
    }
    if (!CHARACTERS.matcher(typed).matches()) {
      return noNetwork(typed);
    }
    try {
      IPAddress address = new IPAddressString(typed, STRICT).toAddress();
      IPAddress block = address.toPrefixBlock();
      if (address.isPrefixed() && !isBlockStart(address)) {
        String meant = cidr(block);
        return new Reading.Bad(
            "%s has bits beyond /%d; the network is %s."
                .formatted(typed, address.getNetworkPrefixLength(), meant),
            Optional.of(meant));
      }
      return new Reading.Good(of(block));
    } catch (AddressStringException | IllegalArgumentException exception) {
      return noNetwork(typed);
    }
  }

  /** A network that PostgreSQL wrote. */
  public static Optional<Network> of(String cidr) {
    return read(cidr) instanceof Reading.Good(Network network)
        ? Optional.of(network)
        : Optional.empty();
  }

  /** Whether an address, as PostgreSQL writes it, is inside; IPv4 in IPv6 clothes is IPv4. */
  public boolean contains(String address) {
    return new IPAddressString(plain(cidr), STRICT)
        .contains(new IPAddressString(plain(address), STRICT));
  }

  /** {@code 10.8.0.0 to 10.8.255.255, 65,536 addresses}. */
  public String describe() {
    return addresses.equals(BigInteger.ONE)
        ? first + ", one address"
        : "%s to %s, %s addresses".formatted(first, last, size());
  }

  /** Exact while people can read it, a power of two beyond. */
  private String size() {
    return addresses.bitLength() <= BITS_TO_COUNT
        ? "%,d".formatted(addresses)
        : "2^" + (addresses.bitLength() - 1);
  }

  private static Network of(IPAddress block) {
    return new Network(
        cidr(block),
        block.getLower().withoutPrefixLength().toCanonicalString(),
        block.getUpper().withoutPrefixLength().toCanonicalString(),
        block.getCount());
  }

  private static String cidr(IPAddress block) {
    int prefix = block.isPrefixed() ? block.getNetworkPrefixLength() : block.getBitCount();
    return block.getLower().withoutPrefixLength().toCanonicalString() + "/" + prefix;
  }

  private static boolean isBlockStart(IPAddress address) {
    return address
        .getLower()
        .withoutPrefixLength()
        .equals(address.toPrefixBlock().getLower().withoutPrefixLength());
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).startsWith("::ffff:") && text.contains(".")
        ? text.substring("::ffff:".length())
        : text;
  }

  private static Reading noNetwork(String typed) {
    return bad(
        "%s is no network. Write it as 10.8.0.0/16 or 2001:db8:8::/48."
            .formatted(typed.isEmpty() ? "This" : typed));
  }

  private static Reading bad(String sentence) {
    return new Reading.Bad(sentence, Optional.empty());
  }
}
