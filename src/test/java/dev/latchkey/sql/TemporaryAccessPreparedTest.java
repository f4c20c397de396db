package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.sandbox.server.ServerSettings;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

/** A transaction that was prepared for a commit in two phases holds its locks without a process. */
class TemporaryAccessPreparedTest {
  @TempDir Path folder;

  @Test
  void isNamedForWhatItIs() throws Exception {
    ServerSettings settings = TestPostgres.ofThisRun().prepared(folder);
    try (EmbeddedServer server = EmbeddedServer.start(settings)) {
      Sql.on(server.address().dataSource("postgres", "postgres"))
          .execute("alter system set max_prepared_transactions = 1");
    }
    try (EmbeddedServer server = EmbeddedServer.start(settings)) {
      DataSource source = server.address().dataSource(TestPostgres.MIGRATED, "postgres");
      Sql sql = Sql.on(source);
      String member = sql.text("select user_id from latchkey.add_member('held@example.org')");
      String policy = "select latchkey.set_access_policy('{\"self_granting\": true}')";
      String block = "select latchkey.block_member('%s', 'x')".formatted(member);
      String token =
          "select latchkey.create_access_token('%s', 'laptop', now() + interval '1 h')"
              .formatted(member);
      try (Connection holding = source.getConnection()) {
        holding.setAutoCommit(false);
        Sql.on(holding).rows(policy);
        Sql.on(holding).rows(token);
        Sql.on(holding).execute("prepare transaction 'held'");
      }
      try (Connection operating = source.getConnection()) {
        Sql.on(operating).execute("set lock_timeout = '100ms'");
        for (String call : new String[] {policy, block, token}) {
          var refused =
              (PSQLException)
                  catchThrowableOfType(Sql.SqlFailure.class, () -> Sql.on(operating).rows(call))
                      .getCause();
          assertThat(refused.getSQLState()).as(call).isEqualTo("PT423");
          assertThat(refused.getServerErrorMessage().getMessage())
              .isEqualTo(
                  "Somebody holds this in a transaction that is still open: a prepared transaction");
          assertThat(refused.getServerErrorMessage().getHint())
              .endsWith("or end it first: see pg_prepared_xacts");
        }
        sql.execute("rollback prepared 'held'");
        for (String call : new String[] {policy, token, block}) {
          assertThat(Sql.on(operating).rows(call)).hasSize(1);
        }
      }
    }
  }
}
