package dev.latchkey.sandbox;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Which sandbox to open.
 *
 * @param folder where it lives; see {@link SandboxFolder#standard()}
 * @param port the gate's port on 127.0.0.1, from 1 to 65535; empty for the one it had, or 54329, or
 *     a free one
 */
public record SandboxSettings(Path folder, OptionalInt port) {
  private static final int LARGEST_PORT = 65_535;

  public SandboxSettings {
    if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > LARGEST_PORT)) {
      throw new SandboxException("The port must be from 1 to 65535.");
    }
  }

  /** The usual sandbox of this account. */
  public static SandboxSettings standard() {
    return in(SandboxFolder.standard());
  }

  /** A sandbox in a folder of one's own. */
  public static SandboxSettings in(Path folder) {
    return new SandboxSettings(folder, OptionalInt.empty());
  }
}
