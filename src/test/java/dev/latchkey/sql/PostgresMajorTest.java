package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** These tests run on several major versions; here it shows that they really do. */
@DependsOnMajor("the version itself")
final class PostgresMajorTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String CARRIED = "17";

  @Test
  void theServerIsOfTheMajorVersionThatTheRunWasStartedFor() {
    assertThat(DATABASE.sql().text("select current_setting('server_version_num')::integer / 10000"))
        .isEqualTo(TestPostgres.ofThisRun().major().orElse(CARRIED));
  }
}
