package dev.latchkey.database;

import dev.latchkey.rows.FailureException;
import dev.latchkey.token.Secret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Installs or upgrades the SQL half in a database that the operator just signed in to. Blocks; for
 * use inside a job. Fails with {@link FailureException} only. Wipes its copy of the token when it
 * is closed.
 */
public final class SchemaInstallation implements AutoCloseable {
  private static final String MAY_INSTALL =
      """
      select r.rolsuper
          or (r.rolcreaterole and has_database_privilege(current_database(), 'CREATE'))
        from pg_roles r
       where r.rolname = current_user
      """;

  private final TokenDataSource source;
  private final FailureReader failures;

  public SchemaInstallation(Endpoint endpoint, Secret token) {
    this.source = new TokenDataSource(endpoint, token);
    this.failures = new FailureReader(endpoint);
  }

  /** Whether the role may create what the SQL half consists of: schemas and roles. */
  public boolean allowed() {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(MAY_INSTALL);
        ResultSet row = statement.executeQuery()) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException exception) {
      throw new FailureException(failures.whileConnecting(exception));
    }
  }

  /** What the database has, and what installing would do. */
  public SchemaState found() {
    return new Migrations(source).check();
  }

  /** Brings the schema up to date. */
  public void install() {
    new Migrations(source).install();
  }

  @Override
  public void close() {
    source.wipe();
  }
}
