package dev.latchkey.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Rows for a terminal, each column as wide as its widest cell is shown. */
final class TextTable {
  /** Control characters, those of 8 bits too, and what turns the direction of writing. */
  private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}]");

  private TextTable() {}

  /** The rows in lines; empty for none. Columns are the fields of the first row. */
  static String of(List<JsonNode> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        rows.getFirst().properties().stream()
            .map(Map.Entry::getKey)
            .map(TextTable::title)
            .toList());
    for (JsonNode row : rows) {
      lines.add(row.properties().stream().map(field -> cell(field.getValue())).toList());
    }
    int columns = lines.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], DisplayWidth.of(line.get(column)));
      }
    }
    return lines.stream()
        .map(line -> aligned(line, widths))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String aligned(List<String> line, int[] widths) {
    var text = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = line.get(column);
      text.append(cell).append(" ".repeat(widths[column] - DisplayWidth.of(cell) + 2));
    }
    return text.toString().stripTrailing();
  }

  private static String title(String field) {
    return field.replace('_', ' ');
  }

  private static String cell(JsonNode value) {
    String text =
        value.isArray()
            ? StreamSupport.stream(value.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","))
            : value.isNull() ? "" : value.asText();
    return text.isEmpty() ? "-" : plain(text);
  }

  /**
   * Others' words on one line, with a mark in place of each character that steers a terminal: they
   * must not look like a line of ours either.
   */
  static String plain(String text) {
    return STEERING.matcher(text.replaceAll("\\R+", " ")).replaceAll("�");
  }

  /** JSON that says the same, with an escape in place of each character that steers a terminal. */
  static String plainJson(String json) {
    return STEERING.matcher(json).replaceAll(found -> escaped(found.group()));
  }

  private static String escaped(String characters) {
    return characters.chars().mapToObj("\\\\u%04x"::formatted).collect(Collectors.joining());
  }
}
