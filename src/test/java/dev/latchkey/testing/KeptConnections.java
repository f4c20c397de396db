package dev.latchkey.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Connections of one role to one database, kept for the next who needs one: opening one costs more
 * than most of what tests ask for.
 *
 * <p>Nothing of a session is handed on: transactions, roles, settings, locks, temporary tables,
 * cursors and subscriptions end with its use. What is decided when a session begins (whether a role
 * may log in, the settings of roles and databases) or is about its process needs a connection of
 * its own, see {@link Sql#on(DataSource)}.
 */
public final class KeptConnections implements AutoCloseable {
  private static final String CLEAN =
      """
      reset session authorization;
      reset role;
      reset all;
      close all;
      unlisten *;
      discard temp;
      discard sequences;
      select pg_catalog.pg_advisory_unlock_all()
      """;

  /** Fails when the process is gone, and when the role was dropped, even if made anew since. */
  private static final String ALIVE = "select session_user";

  private final DataSource source;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  public KeptConnections(DataSource source) {
    this.source = source;
  }

  /** One that nobody else uses; {@link #giveBack} it. */
  public Connection take() throws SQLException {
    for (Connection kept = poll(); kept != null; kept = poll()) {
      if (did(kept, ALIVE)) {
        return kept;
      }
      discard(kept);
    }
    Connection fresh = source.getConnection();
    // A kept statement's plan would outlive changes that the next test makes to a table.
    fresh.unwrap(BaseConnection.class).setPrepareThreshold(0);
    return fresh;
  }

  /** Keeps it where it could be made as new, else closes it. */
  public void giveBack(Connection connection) {
    if (isIdle(connection) && did(connection, CLEAN) && push(connection)) {
      return;
    }
    discard(connection);
  }

  /** Closes those that nobody uses now, and the others when they are given back. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(KeptConnections::discard);
      idle.clear();
    }
  }

  private Connection poll() {
    synchronized (idle) {
      return idle.poll();
    }
  }

  private boolean push(Connection connection) {
    synchronized (idle) {
      if (!closed) {
        idle.push(connection);
      }
      return !closed;
    }
  }

  /** Whether it is open and in no transaction, not even in one that SQL began. */
  private static boolean isIdle(Connection connection) {
    try {
      return connection.getAutoCommit()
          && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
    } catch (SQLException closed) {
      return false;
    }
  }

  private static boolean did(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return true;
    } catch (SQLException broken) {
      return false;
    }
  }

  private static void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException alreadyGone) {
      // Nothing is left to close.
    }
  }
}
