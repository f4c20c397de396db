package dev.latchkey.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/**
 * Installs the SQL half and tells which of it a database has. The files are plain SQL that {@code
 * psql -f} can run in their order just as well.
 */
public final class Migrations {
  private static final String FOLDER = "db/migration";

  private final DataSource database;

  /**
   * @param database connects as the role that is to own the schema
   */
  public Migrations(DataSource database) {
    this.database = database;
  }

  /** What is there now. Asks the schema itself, since psql may have installed it. */
  public SchemaState check() {
    try (Connection connection = database.getConnection()) {
      return SchemaState.of(version(connection));
    } catch (SQLException exception) {
      throw new DatabaseException(
          new DatabaseFailure.Unexpected(
              String.valueOf(exception.getSQLState()), String.valueOf(exception.getMessage())));
    }
  }

  /** Brings the schema up to date; changes nothing where it is. */
  public void install() {
    try {
      flyway().migrate();
    } catch (FlywayException exception) {
      throw new DatabaseException(
          new DatabaseFailure.Unexpected("LK-INSTALL", String.valueOf(exception.getMessage())));
    }
  }

  /** All migrations as one script, for whoever installs by psql. */
  public String script() {
    StringBuilder script = new StringBuilder();
    for (String file : files()) {
      script.append("-- ").append(file).append('\n').append(read(file)).append('\n');
    }
    return script.toString();
  }

  static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean installed;
      try (ResultSet row =
          statement.executeQuery(
              "select to_regprocedure('latchkey.schema_version()') is not null")) {
        installed = row.next() && row.getBoolean(1);
      }
      if (!installed) {
        return 0;
      }
      try (ResultSet row = statement.executeQuery("select latchkey.schema_version()")) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }

  private List<String> files() {
    List<String> files = new ArrayList<>();
    for (MigrationInfo migration : flyway().info().all()) {
      if (!migration.getScript().isBlank() && migration.getScript().endsWith(".sql")) {
        files.add(migration.getScript());
      }
    }
    return files;
  }

  private String read(String file) {
    try (InputStream resource = Migrations.class.getResourceAsStream("/" + FOLDER + "/" + file)) {
      if (resource == null) {
        throw new IOException("missing resource " + file);
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  private Flyway flyway() {
    return Flyway.configure()
        .dataSource(database)
        .locations("classpath:" + FOLDER)
        .schemas("latchkey")
        .createSchemas(true)
        .table("schema_history")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .placeholderReplacement(false)
        .load();
  }
}
