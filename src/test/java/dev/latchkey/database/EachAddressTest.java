package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.postgresql.PGProperty;

final class EachAddressTest {
  @Test
  void goesOnToTheNextAddressWhereNobodyListensAtTheFirst() throws IOException {
    InetAddress nobody = InetAddress.ofLiteral("127.0.0.3");
    InetAddress somebody = InetAddress.ofLiteral("127.0.0.2");
    try (ServerSocket listener = new ServerSocket()) {
      listener.bind(new InetSocketAddress(somebody, 0));

      try (Socket socket = EachAddress.first(List.of(nobody, somebody), listener.getLocalPort())) {
        assertThat(socket.getInetAddress()).isEqualTo(somebody);
      }
    }
  }

  @Test
  void saysWhatTheLastAddressSaid() throws IOException {
    int port;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
    }
    assertThatThrownBy(() -> to("127.0.0.1", port).createSocket().close())
        .isInstanceOf(ConnectException.class);
  }

  private static EachAddress to(String host, int port) {
    Properties connection = new Properties();
    PGProperty.PG_HOST.set(connection, host);
    PGProperty.PG_PORT.set(connection, port);
    return new EachAddress(connection);
  }
}
