package dev.latchkey.command;

import dev.latchkey.change.Network;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** From where something can be used. */
final class NetworkOption {
  @Option(
      names = "--network",
      paramLabel = "CIDR",
      converter = NetworkConverter.class,
      description = "From this network only; may be repeated.")
  private final List<Network> networks = new ArrayList<>();

  /** Those that were given; none stands for any. */
  List<String> cidrs() {
    return networks.stream().map(Network::cidr).toList();
  }
}
