package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.Migrations;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an earlier version made and this one does not: the code drops it, or names what uses it. */
@DependsOnMajor("what hangs on a function, as the catalogue tells it")
final class LeftoversTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private String name;
  private DataSource database;
  private Sql sql;

  @BeforeEach
  void makeDatabase() {
    name = DATABASE.createDatabase(true);
    database = DATABASE.address().dataSource(name, "postgres");
    sql = DATABASE.sqlIn(name);
  }

  @AfterEach
  void dropDatabase() {
    DATABASE.dropDatabase(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create function latchkey.old_call() returns integer language sql return 1",
        "create function temporary_access.grant_status(timestamptz) returns text language sql return 'x'",
        "create procedure audit.old() language sql as 'select'",
        "create aggregate api_keys_private.old_sum(integer) (sfunc = int4pl, stype = integer)",
        "create view latchkey.old_keys as select k.id from latchkey.keys as k",
        "create function http_gate.old() returns integer language sql return 1;"
            + "create view latchkey.old_gate as select http_gate.old() as old;"
            + "create function ksuid_keys.old() returns setof latchkey.old_gate language sql return (select g from latchkey.old_gate as g)",
      })
  void isDropped(String old) {
    List<String> before = new Catalogue(sql).fingerprint();
    long functions = functions();
    sql.execute(old);

    runTheCode();

    assertThat(new Catalogue(sql).fingerprint()).isEqualTo(before);
    assertThat(functions()).isEqualTo(functions);
  }

  /** With a default for the argument that is new, every call would be ambiguous. */
  @Test
  void callsAreNotAmbiguousAfterAnArgumentHasGone() {
    sql.execute(
        """
        create function latchkey.revoke_key(p_api_key_id uuid, p_reason text, p_at timestamptz default null)
          returns latchkey.keys language plpgsql as 'begin return null; end'
        """);
    runTheCode();
    KeyFixture keys = new KeyFixture(sql);
    UUID key = keys.key(keys.account("Acme")).id();
    assertThat(sql.text("select status from latchkey.revoke_key(?, 'over')", key))
        .isEqualTo("revoked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create view public.theirs as select latchkey.old_call() as one",
        "create table public.theirs (one integer default latchkey.old_call())",
        "create table public.theirs (one integer); create policy theirs on public.theirs using (one = latchkey.old_call())",
        "create function public.theirs() returns integer language sql return latchkey.old_call()"
      })
  void whatSomebodyUsesIsToldAndNothingIsChanged(String use) {
    sql.execute("create function latchkey.old_call() returns integer language sql return 1");
    sql.execute(use);
    List<String> before = new Catalogue(sql).fingerprint();

    var refused = catchThrowableOfType(Sql.SqlFailure.class, this::runTheCode);

    assertThat(refused.sqlState()).isEqualTo("2BP01");
    assertThat(refused.getMessage()).contains("theirs", "latchkey.old_call()");
    assertThat(new Catalogue(sql).fingerprint()).isEqualTo(before);
  }

  @Test
  void theConsoleSaysWhatUsesIt() {
    String other = DATABASE.createDatabase(false);
    try {
      DataSource earlier = DATABASE.address().dataSource(other, "postgres");
      SqlFiles.earlier().forEach(file -> Sql.on(earlier).execute(SqlFiles.content(file)));
      Sql.on(earlier)
          .execute(
              "create function latchkey.old_call() returns integer language sql return 1;"
                  + "create view public.theirs as select latchkey.old_call() as one");
      var refused =
          catchThrowableOfType(FailureException.class, () -> new Migrations(earlier).install());
      assertThat(refused.failure().code()).isEqualTo("2BP01");
      assertThat(refused.failure().sentence()).contains("view theirs");
    } finally {
      DATABASE.dropDatabase(other);
    }
  }

  @Test
  void whatIsNotInOurSchemasStays() {
    sql.execute(
        """
        create function public.has_scope(p_entity_type text) returns boolean language sql return true;
        create function public.theirs() returns boolean language sql return true;
        create schema theirs;
        create view theirs.keys as select k.id from latchkey.keys as k;
        """);
    List<String> before = new Catalogue(sql).fingerprint();
    runTheCode();
    assertThat(new Catalogue(sql).fingerprint()).isEqualTo(before);
    assertThat(sql.truth("select to_regclass('theirs.keys') is not null")).isTrue();
  }

  /** Also twice in one transaction, where both runs have the same number. */
  @Test
  void whatIsMadeAgainInTheSameTransactionIsNoLeftover() {
    List<String> before = new Catalogue(sql).fingerprint();
    inOneTransaction(2);
    assertThat(new Catalogue(sql).fingerprint()).isEqualTo(before);
  }

  private void runTheCode() {
    inOneTransaction(1);
  }

  private void inOneTransaction(int times) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      for (int time = 0; time < times; time++) {
        Sql.on(connection).execute(SqlFiles.content(SqlFiles.code()));
      }
      connection.commit();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private long functions() {
    return sql.number(
        "select count(*) from pg_proc where pronamespace::regnamespace::text = any (?)",
        (Object)
            new String[] {
              "latchkey", "api_keys_private", "temporary_access", "audit", "http_gate", "ksuid_keys"
            });
  }
}
