package dev.latchkey.database;

import dev.latchkey.rows.FailureException;
import dev.latchkey.token.Secret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Installs or upgrades the SQL half in a database that the operator just signed in to. Blocks; for
 * use inside a job. Fails with {@link FailureException} only. Wipes its copy of the token when it
 * is closed.
 */
public final class SchemaInstallation implements AutoCloseable {
  private static final String MAY_INSTALL =
      """
      select r.rolsuper
          or (r.rolcreaterole
            and pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')
            and not exists (
              select
                from pg_catalog.pg_namespace as n
               where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
                 and not pg_catalog.pg_has_role(n.nspowner, 'usage')))
        from pg_catalog.pg_roles as r
       where r.rolname = current_user
      """;

  private final TokenDataSource source;
  private final FailureReader failures;

  public SchemaInstallation(Endpoint endpoint, Secret token) {
    this.source = new TokenDataSource(endpoint, token);
    this.failures = new FailureReader(endpoint);
  }

  /**
   * Whether the role may create what the SQL half consists of, schemas and roles, and owns the
   * schemas of it that are there.
   */
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

  /**
   * Brings the schema up to date.
   *
   * @param mayComeBackEmpty the tables of which somebody was told that they are gone, and agreed
   */
  public void install(List<String> mayComeBackEmpty) {
    new Migrations(source).install(mayComeBackEmpty);
  }

  @Override
  public void close() {
    source.wipe();
  }
}
