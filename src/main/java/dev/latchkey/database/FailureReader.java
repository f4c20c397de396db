package dev.latchkey.database;

import dev.latchkey.rows.Failure;
import dev.latchkey.rows.Gone;
import dev.latchkey.rows.Unexpected;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Reads the driver's exceptions: SQLSTATE first (PostgreSQL documentation, appendix A), the kind of
 * I/O failure where there is none. Only the server's primary message is kept, and the HINT where it
 * is ours: its DETAIL may hold a row.
 */
final class FailureReader {
  private final Endpoint endpoint;

  FailureReader(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** A failure to get in. */
  Failure whileConnecting(SQLException exception) {
    String state = stateOf(exception);
    String details = messageOf(exception);
    if (serverMessage(exception).isPresent()) {
      return state.startsWith("57P")
          ? new DatabaseFailure.NotReady(endpoint.place(), state, details)
          : whileWorking(exception);
    }
    if (causedBy(exception, SSLException.class)
        || causedBy(exception, GeneralSecurityException.class)
        || details.contains("does not support SSL")
        || details.contains("SSL root certificate")
        || details.contains("hostnameverifier")) {
      return new DatabaseFailure.TlsRefused(endpoint.place(), details);
    }
    if (causedBy(exception, ConnectException.class)
        || causedBy(exception, UnknownHostException.class)
        || causedBy(exception, NoRouteToHostException.class)
        || causedBy(exception, SocketTimeoutException.class)
        || exception instanceof SQLTimeoutException) {
      return new DatabaseFailure.Unreachable(endpoint.place(), details);
    }
    if (state.equals("08P01") || causedBy(exception, EOFException.class) || isProtocol(details)) {
      return new DatabaseFailure.NotPostgres(endpoint.place(), details);
    }
    return state.startsWith("08")
        ? new DatabaseFailure.Unreachable(endpoint.place(), details)
        : new Unexpected(state, details);
  }

  /** A failure of a statement. */
  Failure whileWorking(SQLException exception) {
    String message = messageOf(exception);
    String state = stateOf(exception);
    return switch (state) {
      case "28000", "28P01" ->
          new DatabaseFailure.SignInRefused(endpoint.role(), state, message, routineOf(exception));
      case "3D000" -> new DatabaseFailure.NoSuchDatabase(endpoint.database(), message);
      case "53300" -> new DatabaseFailure.TooManyConnections(message);
      case "42501" -> new DatabaseFailure.NotAllowed(message);
      case "22023" -> new DatabaseFailure.InvalidInput(Sentences.parameter(message), message);
      case "PT404" -> new Gone(Sentences.tidy(message));
      case "PT409", "40001", "40P01" -> new DatabaseFailure.ChangedMeanwhile(message);
      case "PT423" -> new DatabaseFailure.HeldBySomebody(message, hintOf(exception));
      case "PT429" -> new DatabaseFailure.TooMany(message);
      case "25006" -> new DatabaseFailure.ServerReadOnly(endpoint.place());
      case "57014" -> new DatabaseFailure.Cancelled();
      case "57P01", "57P02", "57P03", "57P05" ->
          new DatabaseFailure.ConnectionLost(endpoint.place(), message);
      default ->
          state.startsWith("08")
              ? new DatabaseFailure.ConnectionLost(endpoint.place(), message)
              : new Unexpected(state, message);
    };
  }

  private static boolean isProtocol(String details) {
    return details.contains("protocol") || details.contains("unexpected");
  }

  private static String stateOf(SQLException exception) {
    return Optional.ofNullable(exception.getSQLState()).orElse("LK-NO-STATE");
  }

  private static String routineOf(SQLException exception) {
    return serverMessage(exception)
        .flatMap(message -> Optional.ofNullable(message.getRoutine()))
        .orElse("");
  }

  private static String messageOf(SQLException exception) {
    return serverMessage(exception)
        .flatMap(message -> Optional.ofNullable(message.getMessage()))
        .or(() -> Optional.ofNullable(exception.getMessage()))
        .orElse("");
  }

  private static Optional<String> hintOf(SQLException exception) {
    return serverMessage(exception)
        .flatMap(message -> Optional.ofNullable(message.getHint()))
        .filter(hint -> !hint.isBlank());
  }

  private static Optional<ServerErrorMessage> serverMessage(SQLException exception) {
    return exception instanceof PSQLException ours
        ? Optional.ofNullable(ours.getServerErrorMessage())
        : Optional.empty();
  }

  private static boolean causedBy(Throwable exception, Class<? extends Throwable> kind) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
