package dev.latchkey.desktop;

import dev.latchkey.connect.SandboxSource;
import dev.latchkey.sandbox.Sandbox;
import dev.latchkey.sandbox.SandboxSettings;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The sandbox as the Connect screen needs it: started when first asked for, ended with the window.
 */
public final class SandboxDoor implements SandboxSource, AutoCloseable {
  private final SandboxSettings settings;
  private Optional<Sandbox> sandbox = Optional.empty();

  public SandboxDoor(SandboxSettings settings) {
    this.settings = settings;
  }

  @Override
  public synchronized Entrance open(BiConsumer<String, Double> progress) {
    if (sandbox.isEmpty()) {
      Sandbox opened = Sandbox.open(settings, progress::accept);
      opened.onEnd(() -> forget(opened));
      sandbox = Optional.of(opened);
    }
    Sandbox open = sandbox.get();
    return new Entrance(open.endpoint(), open.issueToken());
  }

  /** Ends the sandbox where this window started it. Blocks for a moment. */
  @Override
  public synchronized void close() {
    sandbox.ifPresent(Sandbox::close);
    sandbox = Optional.empty();
  }

  private synchronized void forget(Sandbox gone) {
    if (sandbox.filter(open -> open == gone).isPresent()) {
      sandbox = Optional.empty();
    }
  }
}
