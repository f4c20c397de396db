package dev.latchkey.widget;

import dev.latchkey.rows.Failure;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;

/**
 * A failure as the design wants it told: a sentence, the next step, a short code, Copy details,
 * Retry. Full for a screen that could not load, inline for an action that failed.
 */
public final class ErrorPane extends VBox {
  private static final double LINE = 460;

  private ErrorPane() {}

  /** In place of a screen's content. */
  public static ErrorPane full(Failure failure, TimedClipboard clipboard, Runnable retry) {
    ErrorPane pane = new ErrorPane();
    pane.getStyleClass().add("lk-state");
    Label sentence = wrapped(failure.sentence(), "lk-state-title");
    Label next = wrapped(failure.nextStep(), "lk-state-text");
    Label code = new Label(failure.code());
    code.getStyleClass().add("lk-state-code");
    Button again = new Button("Retry", Icons.of(Icons.RELOAD, 14));
    again.setOnAction(_ -> retry.run());
    HBox actions = new HBox(8, again, copyButton(failure, clipboard));
    actions.setAlignment(Pos.CENTER);
    actions.setPadding(new Insets(8, 0, 0, 0));
    pane.getChildren()
        .addAll(Icons.of(Icons.ALERT, 32, Tone.DANGER), sentence, next, code, actions);
    pane.setAccessibleText(failure.sentence() + " " + failure.nextStep());
    return pane;
  }

  /** A red box among other things. */
  public static ErrorPane inline(Failure failure, TimedClipboard clipboard) {
    ErrorPane pane = new ErrorPane();
    Note note = new Note(Tone.DANGER, failure.sentence(), failure.nextStep());
    Label code = new Label(failure.code());
    code.getStyleClass().add("lk-state-code");
    code.setMinWidth(Region.USE_PREF_SIZE);
    note.with(code).with(copyButton(failure, clipboard));
    pane.getChildren().add(note);
    return pane;
  }

  /** What Copy details copies: no secret can be in it. */
  public static String report(Failure failure) {
    String told =
        "%s%n%s%nCode: %s".formatted(failure.sentence(), failure.nextStep(), failure.code());
    return failure.details().isBlank()
        ? told
        : told + System.lineSeparator() + "Details: " + failure.details();
  }

  private static Button copyButton(Failure failure, TimedClipboard clipboard) {
    Button copy = new Button("Copy details", Icons.of(Icons.COPY, 14));
    copy.setMinWidth(USE_PREF_SIZE);
    copy.setOnAction(
        _ -> {
          clipboard.copy(report(failure));
          copy.setText("Copied");
        });
    return copy;
  }

  private static Label wrapped(String text, String styleClass) {
    Label label = new Label(text);
    label.getStyleClass().add(styleClass);
    label.setWrapText(true);
    label.setMaxWidth(LINE);
    label.setTextAlignment(TextAlignment.CENTER);
    label.setMinHeight(USE_PREF_SIZE);
    return label;
  }
}
