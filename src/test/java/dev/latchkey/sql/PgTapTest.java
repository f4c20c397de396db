package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.PgTap;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The pgTAP files of src/test/sql, one test each. pg_prove runs the same files, see CONTRIBUTING.
 */
@DependsOnMajor("catalogue rules, and a caller's rights under policies")
final class PgTapTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Path FILES = Path.of("src", "test", "sql");

  @TestFactory
  Stream<DynamicTest> everyFilePasses() throws IOException {
    Optional<PgTap> pgTap = PgTap.installed();
    assumeTrue(
        pgTap.isPresent(),
        "pgTAP is not installed on this machine; on Debian: apt-get install postgresql-15-pgtap");
    try (Connection connection = DATABASE.connect()) {
      pgTap.get().installInto(Sql.on(connection));
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
    try (Stream<Path> files = Files.list(FILES)) {
      return files.sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> run(file)));
    }
  }

  @Test
  void aFailedTestAMissingOneAndAnEarlyEndAreNoticed() {
    TapFile.judge(List.of("1..2", "ok 1 - a", "ok 2"));
    for (List<String> bad :
        List.of(
            List.of("1..2", "ok 1", "not ok 2 - b\n# Failed test 2"),
            List.of("1..2", "ok 1"),
            List.of("ok 1"),
            List.of("1..2", "ok 1", "ok 3"),
            List.<String>of())) {
      assertThat(passes(bad)).as("%s", bad).isFalse();
    }
  }

  private static void run(Path file) throws IOException, SQLException {
    try (Connection connection = DATABASE.connect()) {
      TapFile.run(connection, Files.readString(file));
    }
  }

  private static boolean passes(List<String> lines) {
    try {
      TapFile.judge(lines);
      return true;
    } catch (AssertionError failed) {
      return false;
    }
  }
}
