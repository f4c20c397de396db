package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.PgTap;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d+)");
  private static final Pattern RESULT = Pattern.compile("(not )?ok (\\d+).*", Pattern.DOTALL);

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
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      file.getFileName().toString(), () -> judge(printed(Files.readString(file)))));
    }
  }

  @Test
  void aFailedTestAMissingOneAndAnEarlyEndAreNoticed() {
    judge(List.of("1..2", "ok 1 - a", "ok 2"));
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

  private static boolean passes(List<String> lines) {
    try {
      judge(lines);
      return true;
    } catch (AssertionError failed) {
      return false;
    }
  }

  /** Fails with what failed, or when there are fewer tests than planned, or none. */
  private static void judge(List<String> lines) {
    int planned = 0;
    int seen = 0;
    List<String> failed = new ArrayList<>();
    for (String line : lines) {
      Matcher plan = PLAN.matcher(line);
      Matcher result = RESULT.matcher(line);
      if (plan.matches()) {
        planned = Integer.parseInt(plan.group(1));
      } else if (result.matches()) {
        seen++;
        if (result.group(1) != null || Integer.parseInt(result.group(2)) != seen) {
          failed.add(line);
        }
      }
    }
    if (!failed.isEmpty()) {
      fail(String.join("\n", failed));
    }
    assertThat(seen).as("tests run").isPositive().isEqualTo(planned);
  }

  /** Everything that the file's queries answer, in order; each line of TAP is a row. */
  private static List<String> printed(String file) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(file);
      while (rows || statement.getUpdateCount() >= 0) {
        if (rows) {
          try (ResultSet answer = statement.getResultSet()) {
            while (answer.next()) {
              lines.add(String.valueOf(answer.getString(1)));
            }
          }
        }
        rows = statement.getMoreResults();
      }
    }
    return lines;
  }
}
