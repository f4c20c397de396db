package dev.latchkey.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Sees to it that a transaction is over before its connection goes back to the pool: whoever
 * cancels all that a session does cancels a rollback as well, and the next one would find itself in
 * the middle of a failed transaction.
 */
final class Settled implements AutoCloseable {
  private static final int TRIES = 100;
  private static final String CANCELLED = "57014";

  private final Connection connection;
  private boolean committed;

  Settled(Connection connection) {
    this.connection = connection;
  }

  /** In no transaction of before, whatever became of that. */
  static Settled begin(Connection connection, boolean readOnly) throws SQLException {
    connection.setAutoCommit(false);
    new Settled(connection).close();
    connection.setReadOnly(readOnly);
    return new Settled(connection);
  }

  void commit() throws SQLException {
    connection.commit();
    committed = true;
  }

  @Override
  public void close() throws SQLException {
    if (committed || connection.isClosed() || connection.getAutoCommit()) {
      return;
    }
    for (int attempt = 1; attempt < TRIES; attempt++) {
      try {
        connection.rollback();
        return;
      } catch (SQLException failure) {
        if (!CANCELLED.equals(failure.getSQLState())) {
          return; // It is broken: the pool finds that out.
        }
      }
    }
  }
}
