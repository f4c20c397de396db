package dev.latchkey.database;

import dev.latchkey.task.Cancellation;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;

/** Has a statement cancelled on the server when the job that runs it is cancelled. */
final class CancelWithJob implements StatementCustomizer {
  private static final System.Logger LOG = System.getLogger(CancelWithJob.class.getName());

  @Override
  public void beforeExecution(PreparedStatement statement, StatementContext context) {
    Cancellation.Registration registration =
        Cancellation.current().onCancel(() -> cancel(statement));
    context.addCleanable(registration::close);
  }

  private static void cancel(PreparedStatement statement) {
    try {
      statement.cancel();
    } catch (SQLException exception) {
      LOG.log(System.Logger.Level.DEBUG, "A statement could not be cancelled", exception);
    }
  }
}
