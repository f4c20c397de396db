package dev.latchkey.access;

import dev.latchkey.widget.Badge;
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
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** What is below the drawer's head. */
final class AccessDrawerPages {
  private static final int QUERY = 400;

  /** That fit into a line of the narrowest drawer. */
  private static final int CHARACTERS = 30;

  private static final int MOST_LINES = 5;

  private final Times times;
  private final AccessActions actions;
  private final TimedClipboard clipboard;
  private final AccessViewModel model;

  AccessDrawerPages(
      Times times, AccessActions actions, TimedClipboard clipboard, AccessViewModel model) {
    this.times = times;
    this.actions = actions;
    this.clipboard = clipboard;
    this.model = model;
  }

  Node of(AccessDetails details) {
    VBox page = new VBox();
    switch (details) {
      case AccessDetails.OfGrant of -> {
        if (!of.sessions().isEmpty()) {
          page.getChildren().add(sessions(of.sessions(), Optional.of(of.grant())));
        }
        page.getChildren().addAll(facts(of.grant()), attempts(of.attempts()));
      }
      case AccessDetails.OfMember of -> {
        page.getChildren().addAll(facts(of.member()), grants(of.grants()), tokens(of.tokens()));
        if (!of.sessions().isEmpty()) {
          page.getChildren().add(sessions(of.sessions(), Optional.empty()));
        }
        page.getChildren().add(attempts(of.attempts()));
      }
      case AccessDetails.OfToken of -> {
        page.getChildren().add(facts(of.token()));
        if (!of.sessions().isEmpty()) {
          page.getChildren().add(sessions(of.sessions(), Optional.empty()));
        }
        page.getChildren().add(attempts(of.attempts()));
      }
      case AccessDetails.OfLogin of -> {
        page.getChildren().add(facts(of.login()));
        if (!of.sessions().isEmpty()) {
          page.getChildren().add(sessions(of.sessions(), Optional.empty()));
        }
      }
    }
    return page;
  }

  private VBox facts(Grant grant) {
    VBox section = section(title("Grant"));
    HBox head = (HBox) section.getChildren().getFirst();
    if (grant.status().isOpen()) {
      Hyperlink strings = new Hyperlink("Connection strings…");
      strings.getStyleClass().add(Styles.SMALL_TEXT);
      strings.setOnAction(_ -> actions.connectionStrings(grant));
      head.getChildren().addAll(spring(), strings);
    }
    grant.revocation().ifPresent(ending -> section.getChildren().add(ended("Revoked", ending)));
    KeyValues facts = new KeyValues();
    facts.add("Member", link(grant.member().called(), new Subject.OfMember(grant.member().id())));
    facts.addMono("Role", grant.role());
    Label from = facts.add("Starts", times.minute(grant.startsAt()));
    from.setTooltip(new Tooltip(times.exact(grant.startsAt())));
    Label end = facts.add("Ends", grant.expiresAt().map(times::minute).orElse("No end"));
    grant.expiresAt().map(times::exact).map(Tooltip::new).ifPresent(end::setTooltip);
    if (grant.expiresAt().isEmpty() && grant.status().isOpen()) {
      Tone.WARNING.applyTo(end);
    }
    facts.add("Networks", networks(grant.networks(), grant.status().isOpen()));
    facts.add("Reason", grant.reason().orElse("None was given"));
    facts.add(
        "Granted",
        times.agoInWords(grant.grantedAt()) + grant.grantedBy().map(by -> " by " + by).orElse(""));
    if (grant.extensions() > 0) {
      facts.add("Extended", AccessText.count(grant.extensions(), "time"));
    }
    facts.add(
        "Last login",
        grant.lastLoginAt().map(times::agoInWords).orElse("Never")
            + grant.lastLoginFrom().map(address -> " from " + address).orElse(""));
    section.getChildren().add(facts);
    return section;
  }

  private VBox facts(Member member) {
    VBox section = section(title("Member"));
    member.block().ifPresent(ending -> section.getChildren().add(ended("Blocked", ending)));
    KeyValues facts = new KeyValues();
    facts.add("E-mail", member.person().email());
    facts.add(
        "Added",
        times.agoInWords(member.addedAt()) + member.addedBy().map(by -> " by " + by).orElse(""));
    facts.add("Last login", member.lastLoginAt().map(times::agoInWords).orElse("Never"));
    section.getChildren().add(facts);
    return section;
  }

  private VBox facts(AccessToken token) {
    VBox section = section(title("Token"));
    token.revocation().ifPresent(ending -> section.getChildren().add(ended("Revoked", ending)));
    KeyValues facts = new KeyValues();
    facts.add("Member", link(token.member().called(), new Subject.OfMember(token.member().id())));
    facts.addMono("Id", token.ksuid());
    facts.add("Ends", token.expiresAt().map(times::minute).orElse("No end"));
    facts.add(
        "Roles",
        token.roles().map(roles -> String.join(", ", roles)).orElse("All that are granted"));
    facts.add("Networks", networks(token.networks(), false));
    facts.add(
        "Created",
        times.agoInWords(token.createdAt()) + token.createdBy().map(by -> " by " + by).orElse(""));
    facts.add(
        "Last used",
        token.lastUsedAt().map(times::agoInWords).orElse("Never")
            + token.lastUsedFrom().map(address -> " from " + address).orElse(""));
    section.getChildren().add(facts);
    return section;
  }

  private VBox facts(Login login) {
    VBox section = section(title("Login"));
    if (!login.outcome().isAccepted()) {
      section.getChildren().add(new Note(Tone.DANGER, login.sentence(), login.outcome().advice()));
    }
    KeyValues facts = new KeyValues();
    facts.add("When", times.exact(login.at()));
    facts.addMono("Role", login.role());
    facts.addMono("Address", login.client().orElse("unknown"));
    login
        .member()
        .ifPresent(
            person -> facts.add("Member", link(person.name(), new Subject.OfMember(person.id()))));
    login.tokenName().ifPresent(token -> facts.add("Token", token));
    login
        .grantId()
        .ifPresent(id -> facts.add("Grant", link("Open the grant", new Subject.OfGrant(id))));
    login.pid().ifPresent(pid -> facts.addMono("Process", Integer.toString(pid)));
    login
        .endedAt()
        .ifPresent(
            at ->
                facts.add(
                    "Ended", times.exact(at) + login.ending().map(why -> ", " + why).orElse("")));
    facts.addMono("Id", login.id());
    section.getChildren().add(facts);
    return section;
  }

  private VBox sessions(List<LiveSession> sessions, Optional<Grant> grant) {
    HBox head = title("Live sessions");
    Label count = new Label("%,d".formatted(sessions.size()));
    count.getStyleClass().add(Styles.COUNT);
    head.getChildren().add(count);
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
    button.setDisable(model.obstacle().get().isPresent());
    button.setOnAction(_ -> action.run());
    return button;
  }

  private VBox grants(List<Grant> grants) {
    VBox section = section(counted("Grants", grants.size()));
    if (grants.isEmpty()) {
      section.getChildren().add(muted("No grants: this member cannot sign in."));
    }
    for (Grant grant : grants) {
      section
          .getChildren()
          .add(
              line(
                  grant.role(),
                  new Badge(grant.status().label(), AccessText.tone(grant.status())),
                  grant.reason().orElse("No reason"),
                  new Subject.OfGrant(grant.id())));
    }
    return section;
  }

  private VBox tokens(List<AccessToken> tokens) {
    VBox section = section(counted("Tokens", tokens.size()));
    if (tokens.isEmpty()) {
      section.getChildren().add(muted("No tokens: this member has nothing to sign in with."));
    }
    for (AccessToken token : tokens) {
      section
          .getChildren()
          .add(
              line(
                  token.name(),
                  new Badge(token.status().label(), AccessText.tone(token.status())),
                  token.shortToken(),
                  new Subject.OfToken(token.id())));
    }
    return section;
  }

  private HBox line(String name, Badge badge, String detail, Subject subject) {
    Hyperlink link = new Hyperlink(name);
    link.getStyleClass().add(Styles.DENSE);
    link.setOnAction(_ -> actions.open(subject));
    VBox words = new VBox(link, muted(detail));
    words.setMinWidth(0);
    HBox.setHgrow(words, Priority.ALWAYS);
    HBox line = new HBox(words, badge);
    line.getStyleClass().add("lk-attempt");
    return line;
  }

  private VBox attempts(Attempts attempts) {
    HBox head = title("Login attempts");
    Label days = muted("last %d days".formatted(Attempts.DAYS));
    Label accepted = small("%,d ok".formatted(attempts.accepted()), Tone.SUCCESS);
    Label refused = small("%,d refused".formatted(attempts.refused()), Tone.DANGER);
    head.getChildren().addAll(days, spring(), accepted, muted("·"), refused);
    VBox section = section(head);
    if (attempts.latest().isEmpty()) {
      section.getChildren().add(muted("None."));
    }
    VBox lines = new VBox();
    attempts.latest().forEach(login -> lines.getChildren().add(attempt(login)));
    section.getChildren().add(lines);
    if (attempts.latest().size() == Attempts.SHOWN) {
      section.getChildren().add(muted("Older ones are in the list of logins."));
    }
    return section;
  }

  private HBox attempt(Login login) {
    boolean accepted = login.outcome().isAccepted();
    Label what = new Label(login.sentence());
    what.getStyleClass().add(Styles.DENSE);
    what.setTooltip(new Tooltip(login.sentence()));
    Label from = new Label(login.client().orElse("unknown address"));
    from.getStyleClass().addAll(Styles.MONO_SMALL, Styles.MUTED);
    VBox words = new VBox(what, from);
    words.setAlignment(Pos.CENTER_LEFT);
    words.setMinWidth(0);
    HBox.setHgrow(words, Priority.ALWAYS);
    Label when = muted(times.moment(login.at()));
    when.setTooltip(new Tooltip(times.exact(login.at())));
    when.setMinWidth(Region.USE_PREF_SIZE);
    HBox line =
        new HBox(
            Icons.of(accepted ? Icons.OK : Icons.FAILED, 14, accepted ? Tone.SUCCESS : Tone.DANGER),
            words,
            when);
    line.getStyleClass().add("lk-attempt");
    return line;
  }

  private Note ended(String word, Ending ending) {
    return new Note(
        Tone.DANGER,
        "%s %s%s.%s"
            .formatted(
                word,
                times.minute(ending.at()),
                ending.by().map(name -> " by " + name).orElse(""),
                ending.reason().map(why -> " Reason: " + why).orElse("")));
  }

  private Hyperlink link(String text, Subject subject) {
    Hyperlink link = new Hyperlink(text);
    link.getStyleClass().add(Styles.DENSE);
    link.setOnAction(_ -> actions.open(subject));
    return link;
  }

  private static FlowPane networks(List<String> networks, boolean open) {
    FlowPane chips = new FlowPane(4, 4);
    if (networks.isEmpty()) {
      chips.getChildren().add(open ? Chip.warning("any") : Chip.of("any"));
    }
    networks.forEach(network -> chips.getChildren().add(Chip.of(network)));
    return chips;
  }

  private static HBox counted(String text, int number) {
    HBox head = title(text);
    Label count = new Label("%,d".formatted(number));
    count.getStyleClass().add(Styles.COUNT);
    head.getChildren().add(count);
    return head;
  }

  private static HBox title(String text) {
    Label title = new Label(text);
    title.getStyleClass().add(Styles.CARD_TITLE);
    title.setMinWidth(Region.USE_PREF_SIZE);
    HBox head = new HBox(8, title);
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  private static VBox section(HBox head) {
    VBox section = new VBox(head);
    section.getStyleClass().add("lk-access-section");
    return section;
  }

  private static Region spring() {
    Region region = new Region();
    HBox.setHgrow(region, Priority.ALWAYS);
    return region;
  }

  private static Label text(String text) {
    Label label = new Label(text);
    label.getStyleClass().add(Styles.DENSE);
    label.setWrapText(true);
    return label;
  }

  private static Label small(String text, Tone tone) {
    Label label = new Label(text);
    label.getStyleClass().add(Styles.SMALL_STRONG);
    tone.applyTo(label);
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  private static Label muted(String text) {
    Label label = new Label(text);
    label.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    return label;
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
