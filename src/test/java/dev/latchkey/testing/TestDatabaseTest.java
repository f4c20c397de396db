package dev.latchkey.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TestDatabaseTest {
  @RegisterExtension static final TestDatabase database = new TestDatabase();
  @RegisterExtension static final TestDatabase bare = TestDatabase.empty();

  @Test
  void givesADatabaseOfItsOwnToEachClass() {
    assertThat(database.sql().text("select current_database()"))
        .isEqualTo(database.name())
        .isNotEqualTo(bare.name());
  }

  @Test
  void speaksUtf8AndUtcAndListensOnNoTcpPort() {
    assertThat(database.sql().text("show server_encoding")).isEqualTo("UTF8");
    assertThat(database.sql().text("select upper('übermut')")).isEqualTo("ÜBERMUT");
    assertThat(database.sql().text("select setting from pg_settings where name = 'log_timezone'"))
        .isEqualTo("UTC");
    assertThat(database.sql().text("show listen_addresses")).isEmpty();
  }

  @Test
  void migratesOnlyTheDatabaseThatIsNotBare() {
    assertThat(database.sql().truth("select to_regnamespace('latchkey') is not null")).isTrue();
    assertThat(bare.sql().truth("select to_regnamespace('latchkey') is not null")).isFalse();
  }

  @Test
  void reportsTheSqlState() {
    var failure =
        catchThrowableOfType(Sql.SqlFailure.class, () -> database.sql().execute("select 1 / ?", 0));
    assertThat(failure.sqlState()).isEqualTo("22012");
  }

  @Test
  void keepsFailedStatementsOutOfTheServersLog() throws Exception {
    catchThrowableOfType(
        Sql.SqlFailure.class, () -> database.sql().execute("select 'confidential', 1 / ?", 0));
    assertThat(database.serverLog()).content().contains("ERROR").doesNotContain("confidential");
  }
}
