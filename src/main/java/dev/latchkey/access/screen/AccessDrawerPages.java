package dev.latchkey.access.screen;

import static dev.latchkey.kit.drawer.Sections.counted;
import static dev.latchkey.kit.drawer.Sections.muted;
import static dev.latchkey.kit.drawer.Sections.section;
import static dev.latchkey.kit.drawer.Sections.small;
import static dev.latchkey.kit.drawer.Sections.spring;
import static dev.latchkey.kit.drawer.Sections.title;

import dev.latchkey.access.AccessDetails;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Attempts;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Login;
import dev.latchkey.change.Subject;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** What is below the drawer's head. */
final class AccessDrawerPages {
  private final Times times;
  private final AccessDialogs actions;
  private final DrawerFacts facts;
  private final DrawerSessions sessions;

  AccessDrawerPages(
      Times times, AccessDialogs actions, TimedClipboard clipboard, AccessViewModel model) {
    this.times = times;
    this.actions = actions;
    this.facts = new DrawerFacts(times, actions);
    this.sessions = new DrawerSessions(times, actions, clipboard, model);
  }

  Node of(AccessDetails details) {
    VBox page = new VBox();
    switch (details) {
      case AccessDetails.OfGrant of -> {
        if (!of.sessions().isEmpty()) {
          page.getChildren().add(sessions.of(of.sessions(), Optional.of(of.grant())));
        }
        page.getChildren().addAll(facts.of(of.grant()), attempts(of.attempts()));
      }
      case AccessDetails.OfMember of -> {
        page.getChildren().addAll(facts.of(of.member()), grants(of.grants()), tokens(of.tokens()));
        if (!of.sessions().isEmpty()) {
          page.getChildren().add(sessions.of(of.sessions(), Optional.empty()));
        }
        page.getChildren().add(attempts(of.attempts()));
      }
      case AccessDetails.OfToken of -> {
        page.getChildren().add(facts.of(of.token()));
        if (!of.sessions().isEmpty()) {
          page.getChildren().add(sessions.of(of.sessions(), Optional.empty()));
        }
        page.getChildren().add(attempts(of.attempts()));
      }
      case AccessDetails.OfLogin of -> {
        page.getChildren().add(facts.of(of.login()));
        if (!of.sessions().isEmpty()) {
          page.getChildren().add(sessions.of(of.sessions(), Optional.empty()));
        }
      }
    }
    return page;
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
}
