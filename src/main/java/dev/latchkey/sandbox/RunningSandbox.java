package dev.latchkey.sandbox;

import dev.latchkey.gate.Gate;
import dev.latchkey.gate.GateSettings;
import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.sandbox.server.FolderLock;
import dev.latchkey.sandbox.server.PrivateFolder;
import dev.latchkey.sandbox.server.ServerAddress;
import dev.latchkey.sandbox.server.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.OptionalInt;

/** The sandbox as the process that runs it has it: lock, server and gate. */
final class RunningSandbox implements AutoCloseable {
  private static final int USUAL_PORT = 54_329;
  private static final int ANY_FREE_PORT = 0;

  private final SandboxFolder folder;
  private final FolderLock lock;
  private final EmbeddedServer server;
  private final Gate gate;

  private RunningSandbox(SandboxFolder folder, FolderLock lock, EmbeddedServer server, Gate gate) {
    this.folder = folder;
    this.lock = lock;
    this.server = server;
    this.gate = gate;
  }

  /** Starts everything; on failure stops what was started and gives the lock back. */
  static RunningSandbox start(
      SandboxFolder folder, FolderLock lock, OptionalInt port, Progress progress) {
    try {
      int remembered =
          SandboxState.read(folder.stateFile()).map(SandboxState::gatePort).orElse(USUAL_PORT);
      SandboxState.starting(ProcessHandle.current().pid(), remembered).write(folder.stateFile());
      EmbeddedServer server =
          EmbeddedServer.start(
              ServerSettings.durable(folder.server()), step -> tell(progress, step));
      try {
        prepare(new SandboxDatabase(server.address()), progress);
        progress.begins("Opening the gate", 0.95);
        Gate gate = openGate(server.address(), port, remembered);
        return ready(new RunningSandbox(folder, lock, server, gate));
      } catch (RuntimeException failure) {
        server.close();
        throw failure;
      }
    } catch (RuntimeException failure) {
      lock.close();
      throw failure;
    }
  }

  ServerAddress server() {
    return server.address();
  }

  int gatePort() {
    return gate.address().getPort();
  }

  boolean lives() {
    return server.running();
  }

  /**
   * First the sessions, told by the gate; then the server; the lock last, so that the next one
   * finds everything at rest.
   */
  @Override
  public void close() {
    try {
      gate.close();
      server.close();
      SandboxState.starting(ProcessHandle.current().pid(), gatePort()).write(folder.stateFile());
    } finally {
      lock.close();
    }
  }

  private static RunningSandbox ready(RunningSandbox sandbox) {
    try {
      SandboxState.ready(ProcessHandle.current().pid(), sandbox.gatePort(), sandbox.server())
          .write(sandbox.folder.stateFile());
      return sandbox;
    } catch (RuntimeException failure) {
      sandbox.gate.close();
      throw failure;
    }
  }

  private static void prepare(SandboxDatabase database, Progress progress) {
    if (database.exists()) {
      progress.begins("Checking the schema", 0.8);
      database.update();
    } else {
      database.create(progress);
    }
    database.prepare();
  }

  private static void tell(Progress progress, EmbeddedServer.Step step) {
    switch (step) {
      case UNPACK -> progress.begins("Unpacking PostgreSQL", 0);
      case LAUNCH -> progress.begins("Starting the server", 0.35);
    }
  }

  private static Gate openGate(ServerAddress server, OptionalInt port, int remembered) {
    if (port.isPresent()) {
      return openGate(server, port.getAsInt());
    }
    for (int candidate : new int[] {remembered, USUAL_PORT}) {
      try {
        return openGate(server, candidate);
      } catch (SandboxException taken) {
        // The next one may be free; the last resort always is.
      }
    }
    return openGate(server, ANY_FREE_PORT);
  }

  private static Gate openGate(ServerAddress server, int port) {
    var listen = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    try {
      return Gate.open(GateSettings.of(listen, server.socket(), SandboxDatabase.NAME));
    } catch (IOException taken) {
      throw new SandboxException(
          "Port " + port + " on 127.0.0.1 cannot be used: " + PrivateFolder.reason(taken) + ".",
          taken);
    }
  }
}
