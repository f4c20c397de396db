package dev.latchkey.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands below what, with names from anywhere. */
final class TextTableTest {
  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "build-server, 12",
    "Zoë Müller, 10",
    // The same with marks of their own.
    "Zoe\u0308 Mu\u0308ller, 10",
    "\u1112\u1161\u11ab, 2",
    "한글, 4",
    "田中, 4",
    "カタカナ, 8",
    "ｶﾀｶﾅ, 4",
    "Ａｃｍｅ, 8",
    "「田中」, 8",
    "שלום, 4",
    "שָׁלוֹם, 4",
    "สวัสดี, 4",
    "𠮷野, 4",
    "🔑 deploy, 9",
    "👩🏽, 2",
    "🇩🇪, 2",
    "☎, 1",
    "→ …, 3",
    "a�b, 3",
  })
  void countsTheColumnsThatATerminalGives(String text, int columns) {
    assertThat(DisplayWidth.of(text)).isEqualTo(columns);
  }

  @Test
  void linesUpWhatIsBesideNamesOfAnyScript() {
    assertThat(
            TextTable.of(
                List.of(row("Ada", "active"), row("田中 太郎", "expired"), row("Zoe\u0308", "active"))))
        .isEqualToNormalizingNewlines(
            """
            name       status
            Ada        active
            田中 太郎  expired
            Zoe\u0308        active""");
  }

  @Test
  void othersWordsNeitherSteerTheTerminalNorTakeTwoLines() {
    assertThat(TextTable.of(List.of(row("a\u001b[2J\u202eb\nc", "x"))))
        .isEqualToNormalizingNewlines(
            """
            name       status
            a�[2J�b c  x""");
  }

  @Test
  void noRowsAreNoText() {
    assertThat(TextTable.of(List.of())).isEmpty();
  }

  private static JsonNode row(String name, String status) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("name", name);
    row.put("status", status);
    return row;
  }
}
