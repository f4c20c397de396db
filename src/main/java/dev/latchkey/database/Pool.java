package dev.latchkey.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.token.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** A few connections of one sign-in. */
final class Pool implements AutoCloseable {
  private static final int MAXIMUM = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SLICE = Duration.ofMillis(500);
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
      Endpoint endpoint, Secret token, FailureReader failures, Consumer<Failure> onEnd) {
    TokenDataSource source = new TokenDataSource(endpoint, token);
    try (Connection connection = source.getConnection()) {
      connection.isValid(0);
    } catch (SQLException exception) {
      source.wipe();
      throw new FailureException(failures.whileConnecting(exception));
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
    config.setConnectionTimeout(SLICE.toMillis());
    config.setIdleTimeout(IDLE.toMillis());
    config.setInitializationFailTimeout(-1);
    return config;
  }

  /**
   * A connection within {@link #PATIENCE}; sooner a failure, where it is clear that there will be
   * none.
   */
  Connection connection() {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        return connections.getConnection();
      } catch (SQLException exception) {
        if (isClear(exception) || Instant.now().isAfter(deadline)) {
          throw new FailureException(failures.whileConnecting(cause(exception)));
        }
      }
    }
  }

  /** The pool only says that it had no connection in time; the cause is why it could make none. */
  private boolean isClear(SQLException exception) {
    return connections.isClosed()
        || source.refusal().isPresent()
        || exception.getCause() instanceof SQLException;
  }

  private SQLException cause(SQLException exception) {
    return source
        .refusal()
        .orElseGet(() -> exception.getCause() instanceof SQLException sql ? sql : exception);
  }

  /** Hikari waits for its own thread, which may be the one that brought the bad news. */
  @Override
  public void close() {
    source.wipe();
    Thread.ofVirtual().name("closing connections").start(connections::close);
  }
}
