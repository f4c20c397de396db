package dev.latchkey.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

/** A few connections of one sign-in. */
final class Pool implements AutoCloseable {
  private static final int MAXIMUM = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofMinutes(2);

  private final HikariDataSource connections;
  private final TokenDataSource source;
  private final FailureReader failures;

  private Pool(HikariDataSource connections, TokenDataSource source, FailureReader failures) {
    this.connections = connections;
    this.source = source;
    this.failures = failures;
  }

  /**
   * Signs in with one attempt, then keeps what is needed.
   *
   * @param onEnd told once, when the server refuses the token later on
   */
  static Pool open(
      Endpoint endpoint, Secret token, FailureReader failures, Consumer<DatabaseFailure> onEnd) {
    TokenDataSource source = new TokenDataSource(endpoint, token);
    try (Connection connection = source.getConnection()) {
      connection.isValid(0);
    } catch (SQLException exception) {
      source.wipe();
      throw new DatabaseException(failures.whileConnecting(exception));
    }
    source.onRefusal(exception -> onEnd.accept(failures.whileConnecting(exception)));
    return new Pool(new HikariDataSource(settings(source)), source, failures);
  }

  private static HikariConfig settings(TokenDataSource source) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("latchkey");
    config.setDataSource(source);
    config.setMaximumPoolSize(MAXIMUM);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setIdleTimeout(IDLE.toMillis());
    config.setInitializationFailTimeout(-1);
    return config;
  }

  Connection connection() {
    try {
      return connections.getConnection();
    } catch (SQLException exception) {
      SQLException cause =
          source
              .refusal()
              .orElseGet(() -> exception.getCause() instanceof SQLException sql ? sql : exception);
      throw new DatabaseException(failures.whileConnecting(cause));
    }
  }

  @Override
  public void close() {
    connections.close();
    source.wipe();
  }
}
