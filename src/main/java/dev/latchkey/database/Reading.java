package dev.latchkey.database;

import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.postgres.PostgresPlugin;

/**
 * The one place that sets Jdbi up, which costs more than many a read: PostgreSQL's types, and
 * statements that are cancelled with the job that runs them.
 */
final class Reading {
  private Reading() {}

  /**
   * @param connections where each handle has its connection from; it closes it
   */
  static Jdbi over(ConnectionFactory connections) {
    Jdbi jdbi = Jdbi.create(connections);
    jdbi.installPlugin(new PostgresPlugin());
    jdbi.getConfig(SqlStatements.class).addCustomizer(new CancelWithJob());
    return jdbi;
  }
}
