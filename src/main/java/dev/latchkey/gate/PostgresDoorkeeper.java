package dev.latchkey.gate;

import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Asks the functions of schema {@code temporary_access} as the gatekeeper's role, over the server's
 * unix socket.
 *
 * <p>Each client has a thread of its own, which waits for one of a few that ask: so the gate needs
 * no more of the server's connections than there are of these, however many sign in at one time.
 */
final class PostgresDoorkeeper implements Doorkeeper {
  /** Sign-ins checked at one time; each keeps one of the server's connections. */
  private static final int WORKERS = 4;

  private static final int CONNECT_SECONDS = 3;
  private static final int ANSWER_SECONDS = 15;

  /** Every way into the gate's database accepts tokens up to here; ours have 69 characters. */
  private static final int LONGEST_TOKEN = 128;

  /** Whether none of the server's settings could write a token into a log. */
  private static final String LOGS_ARE_SAFE =
      """
      select pg_catalog.set_config('search_path', 'pg_catalog', false) is not null
        and current_setting('log_parameter_max_length') = '0'
        and current_setting('log_parameter_max_length_on_error') = '0'
        and current_setting('debug_print_plan') = 'off'
        and coalesce(current_setting('auto_explain.log_min_duration', true), '-1') = '-1'
        and coalesce(nullif(current_setting('pgaudit.log', true), ''), 'none') = 'none'
      """;

  @FunctionalInterface
  private interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  private final PGSimpleDataSource source;
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          WORKERS, Thread.ofPlatform().daemon().name("latchkey-gate-", 0).factory());

  /**
   * Sign-ins that wait for a lock must not keep the gate from seeing whose access has ended, nor
   * must enforcing that: one thread each.
   */
  private final ExecutorService watching =
      Executors.newFixedThreadPool(
          2, Thread.ofPlatform().daemon().name("latchkey-gate-watching-", 0).factory());

  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private volatile Connection news;
  private volatile boolean closed;

  PostgresDoorkeeper(Path socket, String database, String role) {
    source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"localhost"});
    source.setDatabaseName(database);
    source.setUser(role);
    source.setSocketFactory("org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
    source.setSocketFactoryArg(socket.toString());
    source.setSslMode("disable");
    source.setGssEncMode("disable");
    source.setApplicationName("latchkey gate");
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(ANSWER_SECONDS);
  }

  @Override
  public Optional<String> authorize(String role, byte[] token, InetAddress client)
      throws UnavailableException {
    byte[] plausible = plausible(token) ? token : new byte[0];
    return Optional.ofNullable(
        ask(
            workers,
            connection -> {
              try (PreparedStatement call =
                  connection.prepareStatement(
                      "select temporary_access.authorize(?, convert_from(?, 'UTF8'), ?::inet)")) {
                call.setString(1, role);
                call.setBytes(2, plausible);
                call.setString(3, withoutScope(client));
                String login = text(call);
                call.clearParameters();
                return login;
              }
            }));
  }

  @Override
  public boolean attach(String login, int backendPid) throws UnavailableException {
    return ask(
        workers,
        connection -> {
          try (PreparedStatement call =
              connection.prepareStatement("select temporary_access.attach_login(?, ?)")) {
            call.setString(1, login);
            call.setInt(2, backendPid);
            return "t".equals(text(call));
          }
        });
  }

  @Override
  public OptionalDouble secondsLeft(String login) throws UnavailableException {
    return ask(
        watching,
        connection -> {
          try (PreparedStatement call =
              connection.prepareStatement("select temporary_access.seconds_left(?)")) {
            call.setString(1, login);
            String seconds = text(call);
            return seconds == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(seconds));
          }
        });
  }

  @Override
  public Set<String> ended(Collection<String> logins) throws UnavailableException {
    return ask(
        watching,
        connection -> {
          try (PreparedStatement call =
              connection.prepareStatement("select temporary_access.ended_logins(?)")) {
            call.setArray(1, connection.createArrayOf("text", logins.toArray()));
            try (ResultSet rows = call.executeQuery()) {
              Set<String> ended = new HashSet<>();
              while (rows.next()) {
                ended.add(rows.getString(1));
              }
              return ended;
            }
          }
        });
  }

  @Override
  public void enforce() throws UnavailableException {
    ask(
        watching,
        connection -> {
          try (PreparedStatement call =
              connection.prepareStatement("select temporary_access.enforce()")) {
            return text(call);
          }
        });
  }

  @Override
  public boolean closed(String login) throws UnavailableException {
    return !"closed".equals(end(login, "closed"));
  }

  @Override
  public void gateClosed(String login) throws UnavailableException {
    end(login, "gate_closed");
  }

  @Override
  public void awaitNews(int millis) throws UnavailableException {
    try {
      if (news == null) {
        news = connect();
        try (Statement listen = news.createStatement()) {
          listen.execute("listen latchkey_access");
        }
      }
      news.unwrap(PGConnection.class).getNotifications(millis);
    } catch (SQLException failure) {
      Connection broken = news;
      news = null;
      discard(broken);
      throw unavailable(failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    workers.shutdownNow();
    watching.shutdownNow();
    abort(news);
    for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
      discard(connection);
    }
  }

  private String end(String login, String why) throws UnavailableException {
    return ask(
        workers,
        connection -> {
          try (PreparedStatement call =
              connection.prepareStatement("select temporary_access.end_login(?, ?)")) {
            call.setString(1, login);
            call.setString(2, why);
            return text(call);
          }
        });
  }

  private <T> T ask(ExecutorService by, Question<T> question) throws UnavailableException {
    Future<T> answer;
    try {
      answer = by.submit(() -> askOnAnyConnection(question));
    } catch (RejectedExecutionException closing) {
      throw unavailable(closing);
    }
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw unavailable(failed.getCause());
    } catch (TimeoutException late) {
      // Nobody waits for it any more: once the server answers again, others come first.
      answer.cancel(false);
      throw unavailable(late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw unavailable(interrupted);
    }
  }

  /** A kept connection may have died since; then, and only then, the question is asked again. */
  private <T> T askOnAnyConnection(Question<T> question) throws SQLException {
    Connection kept = idle.poll();
    if (kept != null) {
      try {
        return askAndKeep(question, kept);
      } catch (SQLException failure) {
        if (!isConnectionLost(failure)) {
          throw failure;
        }
      }
    }
    return askAndKeep(question, connect());
  }

  private <T> T askAndKeep(Question<T> question, Connection connection) throws SQLException {
    boolean healthy = false;
    try {
      T answer = question.ask(connection);
      healthy = true;
      return answer;
    } finally {
      if (healthy && !closed) {
        idle.push(connection);
      } else {
        discard(connection);
      }
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = source.getConnection();
    try (PreparedStatement check = connection.prepareStatement(LOGS_ARE_SAFE)) {
      if (!"t".equals(text(check))) {
        throw new SQLException(
            "the server could write tokens to its log; set log_parameter_max_length to 0 for role "
                + source.getUser());
      }
      return connection;
    } catch (SQLException failure) {
      discard(connection);
      throw failure;
    }
  }

  private static boolean isConnectionLost(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return state.startsWith("08") || state.startsWith("57P");
  }

  /** The first column of the only row as PostgreSQL prints it. */
  private static String text(PreparedStatement call) throws SQLException {
    try (ResultSet row = call.executeQuery()) {
      row.next();
      return row.getString(1);
    }
  }

  /** What cannot be a token is not sent, only that there was an attempt. */
  private static boolean plausible(byte[] token) {
    if (token.length > LONGEST_TOKEN) {
      return false;
    }
    for (byte character : token) {
      if (character <= ' ' || character > '~') {
        return false;
      }
    }
    return true;
  }

  private static String withoutScope(InetAddress address) {
    return address.getHostAddress().replaceFirst("%.*", "");
  }

  private static UnavailableException unavailable(Throwable cause) {
    String state = cause instanceof SQLException sql ? " (" + sql.getSQLState() + ")" : "";
    return new UnavailableException(
        "the gatekeeper's database gave no answer" + state + ": " + cause.getMessage(), cause);
  }

  /** Ends a connection that another thread is waiting on. */
  private static void abort(Connection connection) {
    if (connection == null) {
      return;
    }
    try {
      connection.abort(Runnable::run);
    } catch (SQLException alreadyGone) {
      // Nothing is left to close.
    }
  }

  private static void discard(Connection connection) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException alreadyGone) {
      // Nothing is left to close.
    }
  }
}
