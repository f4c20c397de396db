package dev.latchkey.access.screen;

import dev.latchkey.access.AccessDetails;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Login;
import dev.latchkey.access.Member;
import dev.latchkey.access.Person;
import dev.latchkey.change.Subject;
import dev.latchkey.kit.drawer.WhyNotLine;
import dev.latchkey.rows.Failure;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.Ikon;

/** One grant, member, token or login at the right of the list, and what can be done. */
final class AccessDrawer extends VBox {
  private static final double USUAL = 352;
  private static final double LEAST = 320;
  private static final double MOST = 520;
  private static final double EDGE = 5;

  private final AccessViewModel model;
  private final AccessActions actions;
  private final AccessDrawerPages pages;
  private final TimedClipboard clipboard;
  private final Label avatar = new Label();
  private final Label title = new Label();
  private final Badge status = new Badge();
  private final Label detail = new Label();
  private final FlowPane buttons = new FlowPane(8, 8);
  private final WhyNotLine whyNot;
  private final VBox trouble = new VBox();
  private final ScrollPane scroll = new ScrollPane();
  private Optional<Subject> drawn = Optional.empty();

  AccessDrawer(
      AccessViewModel model, AccessActions actions, TimedClipboard clipboard, Times times) {
    this.model = model;
    this.actions = actions;
    this.clipboard = clipboard;
    this.pages = new AccessDrawerPages(times, actions, clipboard, model);
    this.whyNot = new WhyNotLine(model.readOnly(), actions::askForWriteMode);
    getStyleClass().add(Styles.DRAWER);
    setPrefWidth(USUAL);
    setAccessibleText("Details");
    VBox head = new VBox(10, titleLine(), buttons, whyNot, trouble);
    head.setPadding(new Insets(14, 16, 12, 16));
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add(Styles.PLAIN_SCROLL);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    getChildren().addAll(head, scroll);
    model.drawer().details().subscribe(found -> found.ifPresent(this::show));
    model.drawer().failure().subscribe(this::showFailure);
    model.obstacle().subscribe((_, _) -> model.drawer().details().get().ifPresent(this::show));
    makeResizable();
  }

  private HBox titleLine() {
    avatar.getStyleClass().add("lk-avatar");
    title.getStyleClass().add(Styles.PAGE_TITLE);
    title.setMinWidth(0);
    detail.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    HBox first = new HBox(8, title, status);
    first.setAlignment(Pos.CENTER_LEFT);
    VBox words = new VBox(first, detail);
    words.setMinWidth(0);
    HBox.setHgrow(words, Priority.ALWAYS);
    Button close = Icons.button(Icons.CLOSE, "Close (Esc)", model.drawer()::close);
    HBox line = new HBox(10, avatar, words, close);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  private void show(AccessDetails details) {
    boolean other = !drawn.equals(Optional.of(details.subject()));
    drawn = Optional.of(details.subject());
    switch (details) {
      case AccessDetails.OfGrant of -> showGrant(of.grant());
      case AccessDetails.OfMember of -> showMember(of.member());
      case AccessDetails.OfToken of -> showToken(of.token());
      case AccessDetails.OfLogin of -> showLogin(of);
    }
    double place = scroll.getVvalue();
    scroll.setContent(pages.of(details));
    scroll.setVvalue(other ? 0 : place);
  }

  private void showGrant(Grant grant) {
    head(
        grant.member().initials(),
        grant.member().name(),
        grant.status().label(),
        AccessText.tone(grant.status()),
        grant.role()
            + grant.reason().map(why -> " · " + why).orElse("")
            + grant.grantedBy().map(by -> " · by " + by).orElse(""));
    boolean own = model.isOwn(grant.member());
    boolean open = grant.status().isOpen();
    Optional<String> ended =
        open
            ? Optional.empty()
            : Optional.of(
                "This grant has ended. Grant access again to let %s in."
                    .formatted(grant.member().called()));
    Optional<String> selfish =
        own && model.overview().get().filter(now -> !now.policy().selfGranting()).isPresent()
            ? Optional.of("The policy does not let you extend your own grant.")
            : Optional.empty();
    Optional<String> endless =
        grant.expiresAt().isEmpty() ? Optional.of("This grant has no end.") : Optional.empty();
    act(
        "Extend…",
        Icons.ACCESS,
        ended.or(() -> endless).or(() -> selfish),
        () -> actions.extend(grant));
    act("Edit", Icons.WRITE, ended, () -> actions.edit(grant));
    danger("Revoke…", Icons.DELETE, ended, () -> actions.revoke(grant));
    tell(ended);
  }

  private void showMember(Member member) {
    Person person = member.person();
    head(
        person.initials(),
        person.name(),
        member.isBlocked() ? "Blocked" : "Active",
        member.isBlocked() ? Tone.DANGER : Tone.SUCCESS,
        model.isOwn(person) ? person.email() + " · you" : person.email());
    Optional<String> blocked =
        member.isBlocked()
            ? Optional.of("The member is blocked. Unblock first.")
            : Optional.empty();
    act("Grant…", Icons.ADD, blocked, () -> actions.grantTo(person));
    act("New token…", Icons.KEYS, blocked, () -> actions.createToken(person));
    if (member.isBlocked()) {
      act("Unblock…", Icons.START, Optional.empty(), () -> actions.unblock(person));
    } else {
      act("Block…", Icons.DISABLE, Optional.empty(), () -> actions.block(person));
    }
    danger("Freeze…", Icons.FREEZE, Optional.empty(), () -> actions.freeze(person));
    tell(Optional.empty());
  }

  private void showToken(AccessToken token) {
    head(
        token.member().initials(),
        token.name(),
        token.status().label(),
        AccessText.tone(token.status()),
        token.shortToken() + " · " + token.member().called());
    Optional<String> ended =
        token.status().works() ? Optional.empty() : Optional.of("This token has ended.");
    danger("Revoke…", Icons.DELETE, ended, () -> actions.revoke(token));
    tell(ended);
  }

  private void showLogin(AccessDetails.OfLogin details) {
    Login login = details.login();
    head(
        login.member().map(Person::initials).orElse("?"),
        login.member().map(Person::name).orElse("Unknown"),
        login.outcome().isAccepted() ? "Accepted" : "Refused",
        login.outcome().isAccepted() ? Tone.SUCCESS : Tone.DANGER,
        login.role() + login.client().map(from -> " from " + from).orElse(""));
    tell(Optional.empty());
  }

  private void head(String initials, String name, String word, Tone tone, String below) {
    avatar.setText(initials);
    title.setText(name);
    title.setTooltip(new Tooltip(name));
    status.show(word, tone);
    detail.setText(below);
    detail.setTooltip(new Tooltip(below));
    buttons.getChildren().clear();
  }

  private void act(String text, Ikon icon, Optional<String> obstacle, Runnable action) {
    add(new Button(text, Icons.of(icon, 14)), obstacle, action);
  }

  private void danger(String text, Ikon icon, Optional<String> obstacle, Runnable action) {
    Button button = new Button(text, Icons.of(icon, 14, Tone.DANGER));
    button.getStyleClass().add(Styles.DANGER_TEXT);
    add(button, obstacle, action);
  }

  private void add(Button button, Optional<String> obstacle, Runnable action) {
    button.getStyleClass().add(Styles.SMALL);
    button.setMinWidth(USE_PREF_SIZE);
    button.setOnAction(_ -> action.run());
    Optional<String> why = model.obstacle().get().or(() -> obstacle);
    button.setDisable(why.isPresent());
    HBox holder = new HBox(button);
    // A disabled button shows no tooltip of its own.
    why.ifPresent(text -> Tooltip.install(holder, new Tooltip(text)));
    why.ifPresent(button::setAccessibleHelp);
    buttons.getChildren().add(holder);
  }

  private void tell(Optional<String> ended) {
    buttons.setManaged(!buttons.getChildren().isEmpty());
    String why =
        ended.orElseGet(
            () ->
                model.readOnly().get()
                    ? "Read-only: access cannot be changed."
                    : model.obstacle().get().orElse(""));
    whyNot.show(why);
  }

  private void showFailure(Optional<Failure> failure) {
    List<Node> told = new ArrayList<>();
    failure.ifPresent(known -> told.add(ErrorPane.inline(known, clipboard)));
    trouble.getChildren().setAll(told);
  }

  /** The left edge can be dragged. */
  private void makeResizable() {
    setOnMouseMoved(event -> setCursor(event.getX() < EDGE ? Cursor.H_RESIZE : Cursor.DEFAULT));
    setOnMouseDragged(
        event -> {
          if (getCursor() == Cursor.H_RESIZE) {
            setPrefWidth(Math.clamp(getWidth() - event.getX(), LEAST, MOST));
          }
        });
  }
}
