package dev.latchkey.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.sandbox.server.PrivateFolder;
import dev.latchkey.sandbox.server.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a second Latchkey needs to know to join the first, and what the next start remembers. Holds
 * no secret.
 *
 * @param pid the process that runs the sandbox
 * @param ready false while it is still starting
 * @param gatePort the TCP port of the gate on loopback
 * @param socketFolder where the server's socket is, once ready
 * @param socketPort the port in the socket's name
 */
record SandboxState(
    long pid, boolean ready, int gatePort, Optional<Path> socketFolder, int socketPort) {
  private static final JsonMapper JSON = new JsonMapper();

  static SandboxState starting(long pid, int gatePort) {
    return new SandboxState(pid, false, gatePort, Optional.empty(), 0);
  }

  static SandboxState ready(long pid, int gatePort, ServerAddress address) {
    return new SandboxState(
        pid, true, gatePort, Optional.of(address.socketFolder()), address.port());
  }

  /** Whether it is ready and its process there: a killed one leaves its file behind. */
  boolean joinable() {
    return ready && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  /** Where the server listens, once ready. */
  Optional<ServerAddress> address() {
    return socketFolder.map(folder -> new ServerAddress(folder, socketPort));
  }

  /** Empty when there is none or when it cannot be understood: it then counts as never written. */
  static Optional<SandboxState> read(Path file) {
    try {
      JsonNode json = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
      if (!json.path("pid").isIntegralNumber() || !validPort(json.path("gatePort").asInt())) {
        return Optional.empty();
      }
      Optional<Path> folder =
          json.path("socketFolder").isTextual()
              ? Optional.of(Path.of(json.path("socketFolder").asText()))
              : Optional.empty();
      boolean ready = json.path("ready").asBoolean() && folder.isPresent();
      return Optional.of(
          new SandboxState(
              json.path("pid").asLong(),
              ready,
              json.path("gatePort").asInt(),
              folder,
              json.path("socketPort").asInt()));
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /** Replaces the file in one step, so that a reader never sees half of it. */
  void write(Path file) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(fresh, json(), StandardCharsets.UTF_8);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new SandboxException(
          "The file " + file + " cannot be written: " + PrivateFolder.reason(failure) + ".",
          failure);
    }
  }

  private static boolean validPort(int port) {
    return port > 0 && port <= 65_535;
  }

  private String json() throws JsonProcessingException {
    var json =
        JSON.createObjectNode().put("pid", pid).put("ready", ready).put("gatePort", gatePort);
    socketFolder.ifPresent(
        folder -> json.put("socketFolder", folder.toString()).put("socketPort", socketPort));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }
}
