package dev.latchkey.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.change.ChangeRunner;
import dev.latchkey.change.Door;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Unexpected;
import dev.latchkey.token.Secret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The console's way to one database: reads in read-only transactions, writes only through a {@link
 * Call}. Survives the end of the operator's access: it then refuses without troubling the server
 * until {@link #signIn} is called with a fresh token, and the screens that hold it stay as they
 * are.
 *
 * <p>Every method that talks to the server blocks; call them from a {@code Tasks} job. They fail
 * with {@link FailureException} only.
 */
public final class Database implements AutoCloseable {
  private final Endpoint endpoint;
  private final FailureReader failures;
  private final JsonMapper json = new JsonMapper();
  private final Jdbi reading = Reading.over(this::readOnly);
  private final List<Consumer<Failure>> endListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Disturbance>> disturbanceListeners = new CopyOnWriteArrayList<>();
  private final Persistence persistence = new Persistence(this::whoMayCancel, this::disturbed);
  private volatile Optional<Pool> pool = Optional.empty();
  private volatile Optional<Failure> ended = Optional.empty();

  public Database(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.failures = new FailureReader(endpoint);
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  /**
   * Connects with {@code token} as the password, once, without trying again: a dead token hammered
   * again and again fills the server's log. Replaces an earlier sign-in.
   */
  public void signIn(Secret token) {
    Pool fresh = Pool.open(endpoint, token, failures, this::end);
    pool.ifPresent(Pool::close);
    pool = Optional.of(fresh);
    ended = Optional.empty();
  }

  /** Has {@code listener} told, on the thread that noticed, when access ends. */
  public void onEnd(Consumer<Failure> listener) {
    endListeners.add(listener);
  }

  /** Has {@code listener} told, on the thread that noticed, when somebody cancelled a change. */
  public void onDisturbed(Consumer<Disturbance> listener) {
    disturbanceListeners.add(listener);
  }

  private void disturbed(Disturbance disturbance) {
    disturbanceListeners.forEach(listener -> listener.accept(disturbance));
  }

  private List<String> whoMayCancel() {
    return read(
        handle ->
            handle
                .createQuery("select w.name from latchkey.who_may_cancel() as w (name)")
                .map(Row.reading(row -> row.name("name")))
                .list());
  }

  /**
   * Ends access because its time is over: the pool is closed at once, so that no dead token is
   * tried, and everything refuses until {@link #signIn}.
   */
  public void endAccess(Failure why) {
    end(why);
  }

  /** Why access has ended, while no new token was given. */
  public Optional<Failure> ended() {
    return ended;
  }

  /** Reads in one read-only transaction, which can be cancelled from the job that it is part of. */
  public <T> T read(Read<T> read) {
    try (Handle handle = reading.open();
        Settled settled = new Settled(handle.getConnection())) {
      T result = read.from(handle);
      settled.commit();
      return result;
    } catch (SQLException exception) {
      throw failed(failures.whileWorking(exception));
    } catch (JdbiException exception) {
      throw failed(
          sqlCause(exception).map(failures::whileWorking).orElseGet(() -> unexpected(exception)));
    }
  }

  /**
   * The way to write, in one transaction each: for a {@link ChangeRunner}, which shows it first.
   */
  public Door door() {
    return request -> {
      if (request instanceof Call call) {
        return persistence.make(() -> change(call));
      }
      throw new IllegalArgumentException("a database takes SQL function calls only");
    };
  }

  /**
   * Makes a change in one transaction.
   *
   * @return the function's answer as JSON: an object for a row, otherwise the value
   */
  JsonNode change(Call call) {
    try (Connection connection = connection();
        Settled settled = Settled.begin(connection, false)) {
      JsonNode answer = run(connection, call);
      settled.commit();
      return answer;
    } catch (SQLException exception) {
      throw failed(ofChange(failures.whileWorking(exception)));
    }
  }

  private JsonNode run(Connection connection, Call call) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(call.statement())) {
      int index = 0;
      for (Call.Argument argument : call.arguments()) {
        if (argument.value().isPresent()) {
          statement.setString(++index, argument.value().get());
        }
      }
      JsonNode answer;
      try (ResultSet rows = statement.executeQuery()) {
        answer =
            rows.next()
                ? json.readTree(Optional.ofNullable(rows.getString(1)).orElse("null"))
                : json.nullNode();
      }
      return answer;
    } catch (JsonProcessingException exception) {
      throw new SQLException("the answer is no JSON", "LK-JSON", exception);
    }
  }

  /** What a failure means when it happens to a change. */
  private Failure ofChange(Failure failure) {
    return switch (failure) {
      case DatabaseFailure.ConnectionLost lost ->
          new DatabaseFailure.OutcomeUnknown(lost.place(), lost.details());
      default -> failure;
    };
  }

  private Connection connection() {
    ended.ifPresent(
        failure -> {
          throw new FailureException(failure);
        });
    Pool current =
        pool.orElseThrow(
            () -> new FailureException(new DatabaseFailure.ConnectionLost(endpoint.place(), "")));
    return current.connection();
  }

  /** In a transaction already when a handle gets it: so the handle leaves ending it to us. */
  private Connection readOnly() throws SQLException {
    Connection connection = connection();
    try {
      Settled.begin(connection, true);
      return connection;
    } catch (SQLException exception) {
      connection.close();
      throw exception;
    }
  }

  private FailureException failed(Failure failure) {
    boolean lost =
        failure instanceof DatabaseFailure.ConnectionLost
            || failure instanceof DatabaseFailure.OutcomeUnknown;
    if (lost) {
      Optional<Failure> refusal = refusalNow();
      if (refusal.isPresent() && failure instanceof DatabaseFailure.ConnectionLost) {
        return new FailureException(refusal.get());
      }
    }
    if (failure.endsAccess()) {
      end(failure);
    }
    return new FailureException(failure);
  }

  /**
   * Knocks once after a connection was lost: whoever ends somebody's access also cuts the
   * connections, and then a new token is what helps.
   */
  private Optional<Failure> refusalNow() {
    try (Connection _ = connection()) {
      return Optional.empty();
    } catch (FailureException exception) {
      return Optional.of(exception.failure()).filter(Failure::endsAccess);
    } catch (SQLException exception) {
      return Optional.empty();
    }
  }

  private synchronized void end(Failure failure) {
    if (ended.isPresent()) {
      return;
    }
    ended = Optional.of(failure);
    pool.ifPresent(Pool::close);
    pool = Optional.empty();
    endListeners.forEach(listener -> listener.accept(failure));
  }

  private static Optional<SQLException> sqlCause(Throwable exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return Optional.of(sql);
      }
    }
    return Optional.empty();
  }

  private static Failure unexpected(JdbiException exception) {
    return new Unexpected("LK-" + exception.getClass().getSimpleName(), "");
  }

  /** Closes every connection. */
  @Override
  public void close() {
    pool.ifPresent(Pool::close);
    pool = Optional.empty();
  }

  /** What to read. */
  @FunctionalInterface
  public interface Read<T> {
    T from(Handle handle);
  }
}
