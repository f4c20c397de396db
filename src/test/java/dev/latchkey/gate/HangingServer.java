package dev.latchkey.gate;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands before a server and, while it is told so, takes new connections without ever answering, as
 * a server that hangs without dying. Connections that are open go on.
 */
final class HangingServer implements AutoCloseable {
  private final Path server;
  private final Path folder;
  private final ServerSocketChannel listening;
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private volatile boolean hangs;

  HangingServer(Path server) throws IOException {
    this.server = server;
    this.folder = Files.createTempDirectory("lk");
    this.listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(socket()));
    Thread.ofPlatform().daemon().start(this::accept);
  }

  Path socket() {
    return folder.resolve("s");
  }

  void hang(boolean now) {
    hangs = now;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
    Files.deleteIfExists(socket());
    Files.delete(folder);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = listening.accept();
        open.add(client);
        if (!hangs) {
          SocketChannel behind = SocketChannel.open(UnixDomainSocketAddress.of(server));
          open.add(behind);
          Thread.ofPlatform().daemon().start(() -> pass(client, behind));
          Thread.ofPlatform().daemon().start(() -> pass(behind, client));
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void pass(SocketChannel from, SocketChannel to) {
    ByteBuffer bytes = ByteBuffer.allocate(8_192);
    try (from;
        to) {
      while (from.read(bytes) >= 0) {
        bytes.flip();
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
        bytes.clear();
      }
    } catch (IOException closed) {
      // Either end was closed.
    }
  }
}
