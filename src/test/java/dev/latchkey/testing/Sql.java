package dev.latchkey.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Short queries for tests: parameters are {@code ?}, failures are {@link SqlFailure} with the
 * SQLSTATE. On a DataSource each call has a new connection; on kept ones each has one that is as
 * new; on a Connection all share it, with its transaction and settings.
 */
public final class Sql {
  /** What the server said, without checked exceptions. */
  public static final class SqlFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SqlFailure(SQLException cause) {
      super(cause.getMessage(), cause);
    }

    public String sqlState() {
      return ((SQLException) getCause()).getSQLState();
    }

    /** The server's, empty without one. */
    public String hint() {
      ServerErrorMessage message =
          getCause() instanceof PSQLException failure ? failure.getServerErrorMessage() : null;
      return message == null || message.getHint() == null ? "" : message.getHint();
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private interface Source {
    <T> T run(Work<T> work) throws SQLException;
  }

  private final Source source;

  private Sql(Source source) {
    this.source = source;
  }

  public static Sql on(DataSource dataSource) {
    return new Sql(
        new Source() {
          @Override
          public <T> T run(Work<T> work) throws SQLException {
            try (Connection connection = dataSource.getConnection()) {
              return work.with(connection);
            }
          }
        });
  }

  /** Nothing of one call's session is left for the next. */
  public static Sql on(KeptConnections kept) {
    return new Sql(
        new Source() {
          @Override
          public <T> T run(Work<T> work) throws SQLException {
            Connection connection = kept.take();
            try {
              return work.with(connection);
            } finally {
              kept.giveBack(connection);
            }
          }
        });
  }

  /** The caller closes the connection. */
  public static Sql on(Connection connection) {
    return new Sql(
        new Source() {
          @Override
          public <T> T run(Work<T> work) throws SQLException {
            return work.with(connection);
          }
        });
  }

  /**
   * Runs any statement, or several separated by semicolons when there are no parameters; returns
   * the rows changed by the first.
   */
  public int execute(String sql, Object... parameters) {
    return run(
        connection -> {
          if (parameters.length == 0) {
            try (var statement = connection.createStatement()) {
              statement.execute(sql);
              return Math.max(0, statement.getUpdateCount());
            }
          }
          try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.execute();
            return Math.max(0, statement.getUpdateCount());
          }
        });
  }

  /** All rows, each by column name in order. */
  public List<Map<String, Object>> rows(String sql, Object... parameters) {
    return run(
        connection -> {
          try (PreparedStatement statement = prepare(connection, sql, parameters);
              ResultSet rows = statement.executeQuery()) {
            var columns = rows.getMetaData();
            List<Map<String, Object>> all = new ArrayList<>();
            while (rows.next()) {
              Map<String, Object> row = new LinkedHashMap<>();
              for (int column = 1; column <= columns.getColumnCount(); column++) {
                row.put(columns.getColumnLabel(column), rows.getObject(column));
              }
              all.add(row);
            }
            return all;
          }
        });
  }

  /** The only row; fails when there is none or more than one. */
  public Map<String, Object> row(String sql, Object... parameters) {
    List<Map<String, Object>> all = rows(sql, parameters);
    if (all.size() != 1) {
      throw new AssertionError("expected one row, got " + all.size() + ": " + sql);
    }
    return all.getFirst();
  }

  /** The first column of the only row, as PostgreSQL prints it; null for NULL. */
  public String text(String sql, Object... parameters) {
    Object value = row(sql, parameters).values().iterator().next();
    return value == null ? null : value.toString();
  }

  /** The first column of the only row as a number. */
  public long number(String sql, Object... parameters) {
    return ((Number) row(sql, parameters).values().iterator().next()).longValue();
  }

  /** The first column of the only row as a truth value; false for NULL. */
  public boolean truth(String sql, Object... parameters) {
    return Boolean.TRUE.equals(row(sql, parameters).values().iterator().next());
  }

  /** The first column of all rows, as text. */
  public List<String> texts(String sql, Object... parameters) {
    return rows(sql, parameters).stream()
        .map(row -> row.values().iterator().next())
        .map(String::valueOf)
        .toList();
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int index = 0; index < parameters.length; index++) {
      statement.setObject(index + 1, parameters[index]);
    }
    return statement;
  }

  private <T> T run(Work<T> work) {
    try {
      return source.run(work);
    } catch (SQLException failure) {
      throw new SqlFailure(failure);
    }
  }
}
