package dev.latchkey.widget;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.StackPane;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

/** SQL or configuration to read and to copy, lightly coloured. */
public final class CodePane extends StackPane {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>--[^\\n]*|^#[^\\n]*)"
              + "|(?<string>'(?:[^']|'')*')"
              + "|(?<keyword>\\b(?:select|from|as|null|true|false|where|and|or|not|create|alter|"
              + "grant|revoke|on|to|function|table|schema|in|cast)\\b)"
              + "|(?<function>\\b[a-z_]+\\.[a-z_0-9]+(?=\\()|\\b[a-z_]+(?=\\())"
              + "|(?<number>\\b\\d+(?:\\.\\d+)?\\b)",
          Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);
  private static final List<String> KINDS =
      List.of("comment", "string", "keyword", "function", "number");

  /** Kept free for the Copy button: neither text nor a scroll bar runs below it. */
  private static final double COPY = 28;

  private static final double LINE = 17;
  private static final double AROUND = 20;

  private final TextFlow flow = new TextFlow();
  private final ScrollPane scroll = new ScrollPane(flow);
  private String code = "";

  /**
   * @param clipboard where the Copy button copies to
   */
  public CodePane(TimedClipboard clipboard) {
    getStyleClass().add("lk-code");
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.AS_NEEDED);
    scroll.setVbarPolicy(ScrollPane.ScrollBarPolicy.AS_NEEDED);
    scroll.setFocusTraversable(false);
    Button copy = Icons.button(Icons.COPY, "Copy", () -> clipboard.copy(code));
    copy.getStyleClass().remove(Styles.SMALL);
    copy.getStyleClass().add(Styles.IN_CARD);
    StackPane.setAlignment(copy, Pos.TOP_RIGHT);
    StackPane.setMargin(scroll, new Insets(0, COPY, 0, 0));
    getChildren().addAll(scroll, copy);
  }

  public void show(String code) {
    this.code = code;
    flow.getChildren().setAll(coloured(code));
    setAccessibleText(code);
  }

  /** Makes it just so high; more lines than these scroll. */
  public void showLines(int lines) {
    double height = lines * LINE + AROUND;
    setMinHeight(height);
    setPrefHeight(height);
    setMaxHeight(height);
  }

  /** Breaks long lines at the right edge instead of scrolling to the side. */
  public void wrapLines() {
    scroll.setFitToWidth(true);
  }

  public String code() {
    return code;
  }

  private static List<Text> coloured(String code) {
    List<Text> pieces = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(code);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() > end) {
        pieces.add(piece(code.substring(end, matcher.start()), "plain"));
      }
      pieces.add(piece(matcher.group(), kind(matcher)));
      end = matcher.end();
    }
    pieces.add(piece(code.substring(end), "plain"));
    return pieces;
  }

  private static String kind(Matcher matcher) {
    return KINDS.stream().filter(kind -> matcher.group(kind) != null).findFirst().orElse("plain");
  }

  private static Text piece(String text, String kind) {
    Text piece = new Text(text);
    piece.getStyleClass().addAll("text", "lk-code-" + kind);
    return piece;
  }
}
