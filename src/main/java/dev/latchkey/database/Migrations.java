package dev.latchkey.database;

import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Unexpected;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Installs the SQL half and tells which of it a database has. The files are plain SQL that {@code
 * psql -f} can run in their order just as well: those of the tables once each, and the code, which
 * makes all functions and views, whenever it has changed.
 */
public final class Migrations {
  private static final String FOLDER = "db/migration";
  private static final String SCHEMA_EXISTS =
      "select count(*) > 0 from pg_catalog.pg_namespace where nspname = 'latchkey'";
  private static final String HISTORY_EXISTS =
      """
      select count(*) > 0
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
       where n.nspname = 'latchkey' and c.relname = 'schema_history'
      """;

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String HOLDERS =
      """
      select coalesce(
               string_agg(distinct coalesce(a.usename || ' ', '') || format('(process %s)', l.pid), ', '),
               'somebody who has finished since')
        from pg_catalog.pg_locks as l
        join pg_catalog.pg_class as c on c.oid = l.relation
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        left join pg_catalog.pg_stat_activity as a on a.pid = l.pid
       where l.granted
         and l.pid is distinct from pg_catalog.pg_backend_pid()
         and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
         and (n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
           or n.nspname = 'public' and c.relname in ('accounts', 'accounts_memberships')
           or n.nspname = 'auth' and c.relname = 'users')
      """;

  private static final String FORGET =
      "delete from latchkey.schema_history as h where h.script = any (?)";

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
      return new SchemaReader(connection).state();
    } catch (SQLException exception) {
      throw new FailureException(
          new Unexpected(
              String.valueOf(exception.getSQLState()), String.valueOf(exception.getMessage())));
    }
  }

  /** Brings the schema up to date where that makes no table again that is gone. */
  public void install() {
    install(List.of());
  }

  /**
   * Brings the schema up to date, in one transaction; changes nothing where it is. Takes over what
   * {@link #check} found of the published designs, and makes again what is gone.
   *
   * @param mayComeBackEmpty tables that are gone and that somebody agreed to have back without what
   *     they held, as {@link SchemaState#comeBackEmpty} names them
   * @throws FailureException when it is refused or fails; the database is then as it was
   */
  public void install(List<String> mayComeBackEmpty) {
    try (Connection connection = database.getConnection()) {
      SchemaState found = new SchemaReader(connection).state();
      refuse(found, mayComeBackEmpty);
      boolean schema = exists(connection, SCHEMA_EXISTS);
      boolean history = exists(connection, HISTORY_EXISTS);
      if (history && !(found instanceof SchemaState.Current)) {
        forget(connection);
      }
      try {
        flyway().migrate();
      } catch (FlywayException exception) {
        // Made before and outside the transaction of the files.
        if (!history) {
          run(connection, "drop table if exists latchkey.schema_history");
        }
        if (!schema) {
          run(connection, "drop schema if exists latchkey");
        }
        throw new FailureException(heldBy(connection).apply(failure(exception)));
      }
    } catch (SQLException exception) {
      throw new FailureException(failure(exception));
    }
  }

  /**
   * What is newer is not replaced, and nobody is to find tables empty without having been asked.
   */
  private static void refuse(SchemaState found, List<String> mayComeBackEmpty) {
    if (found instanceof SchemaState.Newer newer) {
      throw new FailureException(
          new DatabaseFailure.SchemaNewer(newer.version(), SchemaState.NEEDED));
    }
    List<String> unasked =
        found.comeBackEmpty().stream().filter(table -> !mayComeBackEmpty.contains(table)).toList();
    if (!unasked.isEmpty()) {
      throw new FailureException(new DatabaseFailure.TablesGone(unasked));
    }
  }

  /**
   * Has the tool run all files again, which believes what it wrote down and not the catalogue. They
   * change nothing where everything is there, so that nothing is lost either when they fail after
   * this: the next installation then runs them all.
   */
  private static void forget(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
      statement.setArray(1, connection.createArrayOf("text", files().toArray()));
      statement.execute();
    }
  }

  private static boolean exists(Connection connection, String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      return row.next() && row.getBoolean(1);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Who is in the way, where installing was refused because somebody uses what it changes. */
  private static UnaryOperator<Failure> heldBy(Connection connection) {
    return failure -> {
      if (!(failure instanceof DatabaseFailure.NotInstalled refused)
          || !refused.sqlState().equals(LOCK_NOT_AVAILABLE)) {
        return failure;
      }
      return new DatabaseFailure.NotInstalled(
          LOCK_NOT_AVAILABLE,
          "Somebody uses what installing changes: " + holders(connection),
          Optional.of("Try again when that is finished. Nothing was changed."));
    };
  }

  private static String holders(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(HOLDERS)) {
      return row.next() ? row.getString(1) : "it is not known who";
    } catch (SQLException unanswered) {
      return "it is not known who";
    }
  }

  /** The tool's own message has the whole statement, and the server's DETAIL may hold a row. */
  private static Failure failure(Exception exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException ours && ours.getServerErrorMessage() != null) {
        ServerErrorMessage said = ours.getServerErrorMessage();
        return new DatabaseFailure.NotInstalled(
            String.valueOf(ours.getSQLState()),
            String.valueOf(said.getMessage()),
            Optional.ofNullable(said.getHint()));
      }
    }
    return new Unexpected("LK-INSTALL", String.valueOf(exception.getMessage()));
  }

  /** What takes the SQL half away again, for whoever runs it by psql. Asks no database. */
  public static String removal() {
    return resource("/db/uninstall.sql");
  }

  /** All migrations as one script, for whoever installs by psql. Asks no database. */
  public static String script() {
    StringBuilder script =
        new StringBuilder(
            """
            -- Latchkey's schema. Run it with psql -v ON_ERROR_STOP=1 -1 -f, so that a failure changes nothing.
            -- It waits 5 seconds at most for a transaction that uses what it changes, since everybody else waits behind it meanwhile.
            set lock_timeout = '5s';
            set standard_conforming_strings = on;

            """);
    for (String file : files()) {
      script.append("-- ").append(file).append('\n').append(read(file)).append('\n');
    }
    return script.toString();
  }

  /**
   * The files' names in the order in which they run, from the program's jar or its classes: tables
   * by their versions, then the code.
   */
  private static List<String> files() {
    try {
      Path home =
          Path.of(Migrations.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(home)) {
        return files(home);
      }
      try (FileSystem jar = FileSystems.newFileSystem(home)) {
        return files(jar.getPath("/"));
      }
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    } catch (URISyntaxException exception) {
      throw new IllegalStateException(exception);
    }
  }

  private static List<String> files(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve(FOLDER))) {
      return files
          .map(file -> file.getFileName().toString())
          .sorted(Comparator.comparingInt(Migrations::version))
          .toList();
    }
  }

  /** The code has none, and comes last. */
  private static int version(String file) {
    return file.startsWith("V")
        ? Integer.parseInt(file.substring(1, file.indexOf("__")))
        : Integer.MAX_VALUE;
  }

  private static String read(String file) {
    return resource("/" + FOLDER + "/" + file);
  }

  private static String resource(String name) {
    try (InputStream resource = Migrations.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IOException("missing resource " + name);
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
        // Everybody else waits behind what waits for one reader.
        .initSql("set lock_timeout = '5s'; set standard_conforming_strings = on")
        // The files V1 to V8, which many databases have, were replaced by later ones.
        .ignoreMigrationPatterns("*:missing")
        .group(true)
        .load();
  }
}
