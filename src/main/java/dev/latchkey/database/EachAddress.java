package dev.latchkey.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import javax.net.SocketFactory;
import org.postgresql.PGProperty;

/**
 * Connects to the first of a name's addresses that answers, as libpq does; the driver by itself
 * gives up after the first. The driver makes it, by its name and with the connection's properties.
 */
public final class EachAddress extends SocketFactory {
  private static final Duration IN_ALL = Duration.ofSeconds(8);
  private static final Duration LEAST = Duration.ofSeconds(2);

  private final String host;
  private final int port;

  public EachAddress(Properties connection) {
    this.host = PGProperty.PG_HOST.getOrDefault(connection);
    this.port = Integer.parseInt(PGProperty.PG_PORT.getOrDefault(connection));
  }

  /** Connected already, which the driver respects. */
  @Override
  public Socket createSocket() throws IOException {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(String name, int number) throws IOException {
    return first(List.of(InetAddress.getAllByName(name)), number);
  }

  /** A connection to the first that answers; what the last one said where none does. */
  static Socket first(List<InetAddress> addresses, int port) throws IOException {
    long share = Math.max(LEAST.toMillis(), IN_ALL.toMillis() / addresses.size());
    IOException last = new IOException("there is no address");
    for (InetAddress address : addresses) {
      try {
        return connected(new InetSocketAddress(address, port), (int) share);
      } catch (IOException failure) {
        last = failure;
      }
    }
    throw last;
  }

  @Override
  public Socket createSocket(String name, int number, InetAddress from, int fromPort)
      throws IOException {
    return createSocket(name, number);
  }

  @Override
  public Socket createSocket(InetAddress address, int number) throws IOException {
    return connected(new InetSocketAddress(address, number), (int) IN_ALL.toMillis());
  }

  @Override
  public Socket createSocket(InetAddress address, int number, InetAddress from, int fromPort)
      throws IOException {
    return createSocket(address, number);
  }

  private static Socket connected(InetSocketAddress address, int millis) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address, millis);
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }
}
