package dev.latchkey.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** SQL files beside the benchmarks, in {@code src/test/resources/dev/latchkey/bench}. */
final class Script {
  /** A semicolon at the end of a line, outside of a function's body. */
  private static final Pattern END = Pattern.compile(";\n(?=(?:[^$]*\\$\\$[^$]*\\$\\$)*[^$]*$)");

  private Script() {}

  /**
   * Runs a file's statements one by one.
   *
   * @param values replace {@code $name}
   */
  static void run(Target target, String file, Map<String, ?> values)
      throws IOException, SQLException {
    String text = read(file);
    for (var value : values.entrySet()) {
      text = text.replace("$" + value.getKey(), String.valueOf(value.getValue()));
    }
    try (Connection connection = target.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : List.of(END.split(text))) {
        statement.execute(sql);
      }
    }
  }

  private static String read(String file) throws IOException {
    try (InputStream stream = Script.class.getResourceAsStream(file)) {
      return new String(
          Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
