package dev.latchkey.testing;

import dev.latchkey.sandbox.server.ServerAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * A fresh PostgreSQL database for one test class, on a server that all classes of the process
 * share:
 *
 * <pre>{@code
 * @RegisterExtension static final TestDatabase database = new TestDatabase();
 * }</pre>
 *
 * <p>The database has Latchkey's schema; {@link #empty()} gives one without. Databases are
 * separate, but ROLES ARE NOT: a role belongs to the whole server, so a test that creates one gives
 * it a name of its own and drops it, or creates it only where it is missing.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(TestDatabase.class);
  private static final String SUPERUSER = "postgres";

  private final boolean migrated;
  private TestServer server;
  private String name;

  /** With all migrations. */
  public TestDatabase() {
    this(true);
  }

  private TestDatabase(boolean migrated) {
    this.migrated = migrated;
  }

  /** Without any migration: for tests of installing. */
  public static TestDatabase empty() {
    return new TestDatabase(false);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    server =
        context
            .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
            .computeIfAbsent(
                TestServer.class,
                key -> new TestServer(TestPostgres.ofThisRun()),
                TestServer.class);
    name = server.createDatabase(migrated);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (name != null) {
      server.dropDatabase(name);
    }
  }

  /** Queries as superuser, on kept connections. */
  public Sql sql() {
    return sqlAs(SUPERUSER);
  }

  /** Queries as any role that may log in, on kept connections. */
  public Sql sqlAs(String role) {
    return Sql.on(server.kept(name, role));
  }

  /** Queries as superuser in another database of the server, on kept connections. */
  public Sql sqlIn(String database) {
    return Sql.on(server.kept(database, SUPERUSER));
  }

  /** Superuser's connections, for who needs one for longer than a query. */
  public KeptConnections kept() {
    return server.kept(name, SUPERUSER);
  }

  /** Opens a new connection each time. */
  public DataSource dataSource() {
    return dataSourceAs(SUPERUSER);
  }

  /** No password is asked; the role must be allowed to log in. */
  public DataSource dataSourceAs(String role) {
    return address().dataSource(name, role);
  }

  public Connection connect() throws SQLException {
    return dataSource().getConnection();
  }

  public Connection connectAs(String role) throws SQLException {
    return dataSourceAs(role).getConnection();
  }

  /** The database's name. */
  public String name() {
    return name;
  }

  /** Where the server listens; the gate needs it. */
  public ServerAddress address() {
    return server.address();
  }

  /** The unix socket's file. */
  public Path socket() {
    return address().socket();
  }

  /** The server's log, for tests that look for secrets in it. */
  public Path serverLog() {
    return server.log();
  }

  /** For psql and pgbench. */
  public String uri(String role) {
    return address().uri(name, role);
  }

  /** One more database, for tests that need two; the caller drops it with {@link #dropDatabase}. */
  public String createDatabase(boolean withSchema) {
    return server.createDatabase(withSchema);
  }

  /** Ends its sessions and drops it. */
  public void dropDatabase(String database) {
    server.dropDatabase(database);
  }
}
