package dev.latchkey.access.screen;

import static dev.latchkey.kit.drawer.Sections.counted;
import static dev.latchkey.kit.drawer.Sections.section;
import static dev.latchkey.kit.drawer.Sections.spring;
import static dev.latchkey.kit.drawer.Sections.text;

import dev.latchkey.access.Grant;
import dev.latchkey.access.LiveSession;
import dev.latchkey.access.LoginEnd;
import dev.latchkey.widget.Chip;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.KeyValues;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimeBar;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The live sessions in the drawer, each of which can be ended. */
final class DrawerSessions {
  private static final int QUERY = 400;

  /** That fit into a line of the narrowest drawer. */
  private static final int CHARACTERS = 30;

  private static final int MOST_LINES = 5;

  private final Times times;
  private final AccessDialogs actions;
  private final TimedClipboard clipboard;
  private final AccessViewModel model;

  DrawerSessions(
      Times times, AccessDialogs actions, TimedClipboard clipboard, AccessViewModel model) {
    this.times = times;
    this.actions = actions;
    this.clipboard = clipboard;
    this.model = model;
  }

  /**
   * A card for each session.
   *
   * @param grant whose sessions they are, so that all can be ended at once
   */
  VBox of(List<LiveSession> sessions, Optional<Grant> grant) {
    HBox head = counted("Live sessions", sessions.size());
    if (sessions.size() > 1 && grant.isPresent()) {
      Button all = terminate("Terminate all", () -> actions.terminateAll(grant.get()));
      head.getChildren().addAll(spring(), all);
    }
    VBox section = section(head);
    sessions.forEach(session -> section.getChildren().add(card(session)));
    return section;
  }

  private VBox card(LiveSession session) {
    Label pid = new Label(session.title());
    pid.getStyleClass().add(Styles.MONO);
    Button end = terminate("Terminate", () -> actions.terminate(session));
    HBox head = new HBox(8, pid, Chip.of(session.state().orElse("unknown")), spring(), end);
    head.setAlignment(Pos.CENTER_LEFT);
    KeyValues facts = new KeyValues();
    String client = session.client().orElse("unknown address");
    facts.addMono(
        "Client",
        session.application().isBlank() ? client : session.application() + " · " + client);
    facts.add(
        "Since",
        times.moment(session.since())
            + ", "
            + Times.amount(positive(Duration.between(session.since(), times.now()))));
    facts.add("Ends", ends(session));
    session.tokenName().ifPresent(token -> facts.add("Token", token));
    VBox card = new VBox(head, facts);
    card.getStyleClass().addAll(Styles.CARD, "lk-session-card");
    session
        .endReason()
        .ifPresent(
            why ->
                card.getChildren()
                    .add(
                        new Note(Tone.DANGER, "Its access is over: " + LoginEnd.words(why) + ".")));
    session.query().ifPresent(query -> card.getChildren().add(code(query)));
    return card;
  }

  private Node ends(LiveSession session) {
    if (session.endsAt().isEmpty()) {
      return text("No end");
    }
    Duration left = positive(Duration.between(times.now(), session.endsAt().get()));
    boolean soon = left.compareTo(Duration.ofMinutes(30)) <= 0;
    Label words = text("in " + AccessText.left(left));
    words.setWrapText(false);
    (soon ? Tone.WARNING : Tone.NEUTRAL).applyTo(words);
    TimeBar bar = new TimeBar();
    bar.setPrefWidth(90);
    bar.setMaxWidth(90);
    double whole =
        Math.max(1, Duration.between(session.since(), session.endsAt().get()).toMillis());
    bar.show(left.toMillis() / whole, soon ? Tone.WARNING : Tone.SUCCESS);
    HBox line = new HBox(8, words, bar);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  private CodePane code(String query) {
    CodePane code = new CodePane(clipboard);
    String text = query.strip();
    String shown = text.length() > QUERY ? text.substring(0, QUERY) + " …" : text;
    code.show(shown);
    code.wrapLines();
    int lines = shown.lines().mapToInt(line -> 1 + line.length() / CHARACTERS).sum();
    code.showLines(Math.clamp(lines, 1, MOST_LINES));
    return code;
  }

  private Button terminate(String text, Runnable action) {
    Button button = new Button(text, Icons.of(Icons.CLOSE, 14, Tone.DANGER));
    button.getStyleClass().addAll(Styles.IN_CARD, Styles.DANGER_TEXT);
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setDisable(model.permission().obstacle().get().isPresent());
    button.setOnAction(_ -> action.run());
    return button;
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
