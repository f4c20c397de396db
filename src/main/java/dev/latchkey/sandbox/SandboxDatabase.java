package dev.latchkey.sandbox;

import dev.latchkey.database.Migrations;
import dev.latchkey.rows.FailureException;
import dev.latchkey.sandbox.server.PrivateFolder;
import dev.latchkey.sandbox.server.ServerAddress;
import dev.latchkey.token.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandbox's database: made once with the schema and sample data, brought up to date at each
 * start.
 */
final class SandboxDatabase {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxDatabase.class);
  static final String NAME = "app";
  static final String OPERATOR_ROLE = "latchkey_admin";
  private static final String UNFINISHED = "app_unfinished";
  private static final String SUPERUSER = "postgres";
  private static final String START_SCRIPT = "start.sql";
  private static final String OPERATOR_SCRIPT = "operator.sql";
  private static final List<String> SAMPLE_SCRIPTS =
      List.of("1-application.sql", "2-access.sql", "3-keys.sql", "4-usage.sql", "5-history.sql");

  private final ServerAddress address;

  SandboxDatabase(ServerAddress address) {
    this.address = address;
  }

  boolean exists() {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select exists (select from pg_database where datname = '" + NAME + "')")) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException failure) {
      throw failed("The sandbox's server does not answer", failure);
    }
  }

  /**
   * Makes the database under another name and renames it last, so that an interrupted start leaves
   * nothing half filled.
   */
  void create(Progress progress) {
    try (Connection server = connect("postgres");
        Statement statement = server.createStatement()) {
      statement.execute("drop database if exists " + UNFINISHED + " with (force)");
      statement.execute("create database " + UNFINISHED + " template template0");
      progress.begins("Installing Latchkey's schema", 0.5);
      migrations(UNFINISHED).install();
      progress.begins("Filling in sample data", 0.6);
      fill();
      statement.execute("alter database " + UNFINISHED + " rename to " + NAME);
    } catch (SQLException failure) {
      throw failed("The sandbox could not be filled", failure);
    }
  }

  /** Brings the schema of an existing sandbox to this version. */
  void update() {
    try {
      migrations(NAME).install();
    } catch (FailureException failure) {
      LOG.warn(
          "The sandbox's schema could not be brought up to date: {}", failure.failure().details());
      throw new SandboxException(
          "The sandbox was made by another version of Latchkey. Make a new one: latchkey sandbox --reset",
          failure);
    }
  }

  /** What the gate needs before it opens, and what has to be done now and then. */
  void prepare() {
    try (Connection connection = connect(NAME)) {
      run(connection, START_SCRIPT);
    } catch (SQLException failure) {
      throw failed("The sandbox could not be prepared", failure);
    }
  }

  /**
   * Renews the operator's access and makes a token for it, by the same functions that the console
   * calls.
   */
  Secret issueToken() {
    try (Connection connection = connect(NAME)) {
      return Secret.of(
          run(connection, OPERATOR_SCRIPT)
              .orElseThrow(
                  () -> new SandboxException("The sandbox made no token for its operator.")));
    } catch (SQLException failure) {
      throw failed("The sandbox's operator could not be given access", failure);
    }
  }

  private void fill() throws SQLException {
    try (Connection connection = connect(UNFINISHED)) {
      for (String script : SAMPLE_SCRIPTS) {
        run(connection, script);
      }
    }
  }

  private Migrations migrations(String database) {
    return new Migrations(address.dataSource(database, SUPERUSER));
  }

  private Connection connect(String database) throws SQLException {
    Connection connection = address.dataSource(database, SUPERUSER).getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("set timezone = 'UTC'");
    }
    return connection;
  }

  /**
   * Runs all statements of a script and returns the first column of the last one's row, where it
   * has one.
   */
  private static Optional<String> run(Connection connection, String script) throws SQLException {
    Optional<String> answer = Optional.empty();
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      boolean rows = statement.execute(read(script));
      while (rows || statement.getUpdateCount() != -1) {
        answer = rows ? firstValue(statement.getResultSet()) : Optional.empty();
        rows = statement.getMoreResults();
      }
    }
    return answer;
  }

  private static Optional<String> firstValue(ResultSet rows) throws SQLException {
    return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
  }

  private static String read(String script) {
    try (InputStream resource = SandboxDatabase.class.getResourceAsStream(script)) {
      if (resource == null) {
        throw new IOException("not in this build");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new SandboxException(
          "The sandbox's script "
              + script
              + " cannot be read: "
              + PrivateFolder.reason(failure)
              + ".",
          failure);
    }
  }

  private static SandboxException failed(String what, SQLException failure) {
    return new SandboxException(
        what + " (" + failure.getSQLState() + "): " + failure.getMessage(), failure);
  }
}
