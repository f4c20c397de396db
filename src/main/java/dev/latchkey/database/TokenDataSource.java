package dev.latchkey.database;

import dev.latchkey.token.Secret;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * Opens connections with a token as the password, until the server refuses it: from then on it
 * answers with that refusal and leaves the server alone. Keeps a copy of the token of its own,
 * until {@link #wipe}.
 *
 * <p>This is where a token becomes a String on its way in, once for each connection: the driver
 * takes a password as a property, or from a class that it makes by name from properties, and such a
 * class could have the token from nowhere but static state.
 */
final class TokenDataSource implements DataSource {
  private static final Duration CONNECT = Duration.ofSeconds(8);

  /**
   * Says nothing: what a URL says beats the properties, so a database named {@code
   * app?PGHOST=elsewhere} would send the token elsewhere.
   */
  private static final String URL = "jdbc:postgresql://";

  private final Driver driver = new Driver();
  private final Endpoint endpoint;
  private final Secret token;
  private volatile Optional<SQLException> refusal = Optional.empty();
  private volatile Consumer<SQLException> onRefusal = _ -> {};
  private volatile boolean wiped;

  TokenDataSource(Endpoint endpoint, Secret token) {
    this.endpoint = endpoint;
    this.token = token.copy();
  }

  void onRefusal(Consumer<SQLException> listener) {
    onRefusal = listener;
  }

  Optional<SQLException> refusal() {
    return refusal;
  }

  /** From now on it neither connects nor tells of refusals: another sign-in may have begun. */
  void wipe() {
    wiped = true;
    token.close();
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    if (wiped) {
      throw new SQLException("the sign-in is over", "08003");
    }
    try {
      return OwnSettings.on(driver.connect(URL, properties()));
    } catch (SQLException exception) {
      if (isRefusal(exception) && !wiped) {
        refusal = Optional.of(exception);
        onRefusal.accept(exception);
      }
      throw exception;
    }
  }

  private Properties properties() {
    Properties properties = new Properties();
    PGProperty.PG_HOST.set(properties, endpoint.host());
    PGProperty.PG_PORT.set(properties, endpoint.port());
    PGProperty.PG_DBNAME.set(properties, endpoint.database());
    PGProperty.USER.set(properties, endpoint.role());
    PGProperty.PASSWORD.set(properties, token.reveal());
    PGProperty.APPLICATION_NAME.set(properties, "Latchkey");
    PGProperty.SOCKET_FACTORY.set(properties, EachAddress.class.getName());
    PGProperty.SSL_MODE.set(properties, endpoint.tls().parameter());
    trust().accept(properties);
    if (!endpoint.options().isBlank()) {
      PGProperty.OPTIONS.set(properties, endpoint.options());
    }
    PGProperty.LOGIN_TIMEOUT.set(properties, (int) CONNECT.toSeconds());
    PGProperty.CONNECT_TIMEOUT.set(properties, (int) CONNECT.toSeconds());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    return properties;
  }

  /** The driver's own default is a file below the home folder that few have. */
  private Consumer<Properties> trust() {
    if (endpoint.rootCertificate().isPresent()) {
      String file = endpoint.rootCertificate().get().toString();
      return properties -> PGProperty.SSL_ROOT_CERT.set(properties, file);
    }
    return endpoint.tls().verifiesCertificate()
        ? properties ->
            PGProperty.SSL_FACTORY.set(properties, DefaultJavaSSLFactory.class.getName())
        : _ -> {};
  }

  private static boolean isRefusal(SQLException exception) {
    String state = Optional.ofNullable(exception.getSQLState()).orElse("");
    return state.equals("28000") || state.equals("28P01");
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return (int) CONNECT.toSeconds();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
