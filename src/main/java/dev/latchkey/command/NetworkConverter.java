package dev.latchkey.command;

import dev.latchkey.change.Network;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A network in CIDR notation, refused in the words of the window. */
final class NetworkConverter implements ITypeConverter<Network> {
  @Override
  public Network convert(String text) {
    return switch (Network.read(text)) {
      case Network.Reading.Good(Network network) -> network;
      case Network.Reading.Bad bad -> throw new TypeConversionException(bad.sentence());
    };
  }
}
