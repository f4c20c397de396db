package dev.latchkey.tour;

import dev.latchkey.database.Endpoint;
import dev.latchkey.token.Secret;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A colleague at the same database with a program of his own, whose password is an access token.
 * The tour needs him to see that what the console grants lets in, and what it revokes ends.
 */
final class PostgresVisitor implements AutoCloseable {
  private static final int CONNECT_SECONDS = 10;
  private static final int PATIENCE_SECONDS = 30;

  private final Connection connection;

  private PostgresVisitor(Connection connection) {
    this.connection = connection;
  }

  /** Signs in as {@code role} at an endpoint on this machine. */
  static PostgresVisitor enter(Endpoint endpoint, String role, Secret token) {
    try {
      return new PostgresVisitor(connect(endpoint, role, token));
    } catch (SQLException exception) {
      throw new TourFailure("the visitor was refused: " + exception.getSQLState(), exception);
    }
  }

  /** The SQLSTATE with which a sign-in is refused. */
  static String refusal(Endpoint endpoint, String role, Secret token) {
    try (Connection _ = connect(endpoint, role, token)) {
      throw new TourFailure("expected that the visitor is refused as " + role);
    } catch (SQLException exception) {
      return exception.getSQLState();
    }
  }

  private static Connection connect(Endpoint endpoint, String role, Secret token)
      throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {endpoint.host()});
    source.setPortNumbers(new int[] {endpoint.port()});
    source.setDatabaseName(endpoint.database());
    source.setUser(role);
    source.setPassword(token.reveal());
    source.setSslMode("disable");
    source.setGssEncMode("disable");
    source.setApplicationName("latchkey-tour");
    source.setConnectTimeout(CONNECT_SECONDS);
    return source.getConnection();
  }

  /** The role that the server takes him for, and what it may read. */
  String reads() {
    return ask("select current_user || ' reads invoices' from public.invoices limit 1");
  }

  /**
   * Begins a query that outlasts the tour.
   *
   * @return the SQLSTATE with which it ends
   */
  CompletableFuture<String> work() {
    CompletableFuture<String> end = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("tour visitor")
        .start(
            () -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute("select count(*) from public.invoices, pg_sleep(600)");
                end.complete("00000");
              } catch (SQLException exception) {
                end.complete(exception.getSQLState());
              }
            });
    return end;
  }

  /** Waits for what {@link #work()} ends with. */
  static String endOf(CompletableFuture<String> work) {
    try {
      return work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException exception) {
      throw new TourFailure("the visitor's query did not end", exception);
    }
  }

  private String ask(String question) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      row.next();
      return row.getString(1);
    } catch (SQLException exception) {
      throw new TourFailure("the visitor got no answer: " + exception.getSQLState(), exception);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException exception) {
      throw new TourFailure("the visitor cannot leave: " + exception.getSQLState(), exception);
    }
  }
}
