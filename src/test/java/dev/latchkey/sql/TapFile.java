package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a pgTAP file and judges what it printed, as pg_prove would. */
final class TapFile {
  private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d+)");
  private static final Pattern RESULT = Pattern.compile("(not )?ok (\\d+).*", Pattern.DOTALL);

  private TapFile() {}

  /** Fails where the file fails. */
  static void run(Connection connection, String file) throws SQLException {
    judge(printed(connection, file));
  }

  /** Fails with what failed, or when there are fewer tests than planned, or none. */
  static void judge(List<String> lines) {
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
  static List<String> printed(Connection connection, String file) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
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
