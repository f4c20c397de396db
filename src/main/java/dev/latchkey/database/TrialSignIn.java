package dev.latchkey.database;

import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.Cancellation;
import dev.latchkey.token.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;

/**
 * Signs in once, on one connection that is closed again at once, and tells how far it came. Unlike
 * {@link SignIn} it costs the token exactly one attempt, whatever comes of it. Blocks for at most
 * the time limit of a sign-in.
 */
public final class TrialSignIn {
  private final SignIn signIn = new SignIn();

  /** How far a sign-in came. */
  public sealed interface Trial {
    /** Not in; nothing was read. */
    record Outside(Failure why) implements Trial {}

    /**
     * In, but something stands in the way of working with the database.
     *
     * @param serverVersion as the server says it, "17.11"
     */
    record Hindered(String serverVersion, Failure why) implements Trial {}

    /** Nothing stands in the way. */
    record Inside(String serverVersion, WhoAmI who) implements Trial {}
  }

  /** Tries {@code token} at {@code endpoint}, once. */
  public Trial into(Endpoint endpoint, Secret token) {
    FailureReader failures = new FailureReader(endpoint);
    TokenDataSource source = new TokenDataSource(endpoint, token);
    Optional<String> version = Optional.empty();
    try (Connection connection = source.getConnection();
        Cancellation.Registration _ = Cancellation.current().onCancel(() -> abandon(connection))) {
      version = Optional.of(connection.getMetaData().getDatabaseProductVersion().split(" ")[0]);
      connection.setReadOnly(true);
      Optional<Failure> obstacle = new SchemaReader(connection).obstacle(endpoint);
      if (obstacle.isPresent()) {
        return new Trial.Hindered(version.get(), obstacle.get());
      }
      return new Trial.Inside(
          version.get(), Reading.over(() -> connection).withHandle(signIn::whoAmI));
    } catch (SQLException exception) {
      return hindered(version, failures, exception);
    } catch (JdbiException exception) {
      return exception.getCause() instanceof SQLException cause
          ? hindered(version, failures, cause)
          : new Trial.Hindered(version.orElse(""), FailureException.failureOf(exception));
    } finally {
      source.wipe();
    }
  }

  private static Trial hindered(
      Optional<String> version, FailureReader failures, SQLException exception) {
    return version
        .<Trial>map(in -> new Trial.Hindered(in, failures.whileWorking(exception)))
        .orElseGet(() -> new Trial.Outside(failures.whileConnecting(exception)));
  }

  private static void abandon(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException exception) {
      // It was closed already: there is nothing left to give up.
      return;
    }
  }
}
