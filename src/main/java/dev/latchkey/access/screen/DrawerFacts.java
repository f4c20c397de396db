package dev.latchkey.access.screen;

import static dev.latchkey.kit.drawer.Sections.section;
import static dev.latchkey.kit.drawer.Sections.spring;
import static dev.latchkey.kit.drawer.Sections.title;

import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Ending;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Login;
import dev.latchkey.access.Member;
import dev.latchkey.change.Subject;
import dev.latchkey.widget.Chip;
import dev.latchkey.widget.KeyValues;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.List;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** What is known of a grant, member, token or login, a line for each fact. */
final class DrawerFacts {
  private final Times times;
  private final AccessDialogs actions;

  DrawerFacts(Times times, AccessDialogs actions) {
    this.times = times;
    this.actions = actions;
  }

  VBox of(Grant grant) {
    VBox section = section(title("Grant"));
    HBox head = (HBox) section.getChildren().getFirst();
    if (grant.status().isOpen() && actions.leadSomewhere()) {
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

  VBox of(Member member) {
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

  VBox of(AccessToken token) {
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

  VBox of(Login login) {
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
}
