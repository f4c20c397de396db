package dev.latchkey.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a session of ours sets for itself before anything else is asked on it: whoever had the role
 * before may have left settings in it, and they would decide whose functions are called, or stop
 * every query.
 *
 * <p>By a statement and not by a start-up option, which poolers refuse or pass over. It has no
 * operator and qualifies its functions, so that a search path of somebody else's cannot get into
 * it. It is short; where a time limit that somebody left is shorter still, it is tried again.
 */
final class OwnSettings {
  private static final String SET =
      """
      select
        pg_catalog.set_config('search_path', 'pg_catalog', false),
        pg_catalog.set_config('statement_timeout', '0', false),
        pg_catalog.set_config('lock_timeout', '0', false),
        pg_catalog.set_config('idle_in_transaction_session_timeout', '0', false),
        pg_catalog.set_config('idle_session_timeout', '0', false),
        case when pg_catalog.current_setting('transaction_timeout', true) is not null
          then pg_catalog.set_config('transaction_timeout', '0', false) end,
        pg_catalog.set_config('default_transaction_isolation', 'read committed', false),
        pg_catalog.set_config('default_transaction_read_only', 'off', false),
        pg_catalog.set_config('default_transaction_deferrable', 'off', false),
        pg_catalog.set_config('row_security', 'on', false),
        pg_catalog.set_config('bytea_output', 'hex', false),
        pg_catalog.set_config('intervalstyle', 'postgres', false),
        pg_catalog.set_config('role', 'none', false)
      """;

  private static final String CANCELLED = "57014";
  private static final int TRIES = 20;

  private OwnSettings() {}

  /** Sets them; closes the connection where that fails. */
  static Connection on(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (int tries = 1; !isDone(statement, tries == TRIES); tries++) {
        // Stopped by the limit that it was about to lift.
      }
      return connection;
    } catch (SQLException failure) {
      connection.close();
      throw failure;
    }
  }

  private static boolean isDone(Statement statement, boolean isLast) throws SQLException {
    try {
      statement.execute(SET);
      return true;
    } catch (SQLException failure) {
      if (isLast || !CANCELLED.equals(failure.getSQLState())) {
        throw failure;
      }
      return false;
    }
  }
}
