package dev.latchkey.access.screen;

import dev.latchkey.access.AccessDetails;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Login;
import dev.latchkey.access.Member;
import dev.latchkey.access.Person;
import dev.latchkey.change.Subject;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.drawer.Act;
import dev.latchkey.kit.drawer.Drawer;
import dev.latchkey.kit.drawer.Leaf;
import dev.latchkey.kit.drawer.Portrait;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;

/** One grant, member, token or login at the right of the list, and what can be done. */
final class AccessPortraits {
  private final AccessViewModel model;
  private final AccessDialogs dialogs;
  private final AccessDrawerPages pages;
  private final Drawer<Subject, AccessDetails> drawer;

  AccessPortraits(AccessViewModel model, AccessDialogs dialogs, Desk desk) {
    this.model = model;
    this.dialogs = dialogs;
    this.pages = new AccessDrawerPages(desk.times(), dialogs, desk.clipboard(), model);
    this.drawer =
        new Drawer<>(
            "Details", Drawer.Face.PERSON, model.drawer(), this::of, model.permission(), desk);
  }

  Drawer<Subject, AccessDetails> drawer() {
    return drawer;
  }

  private Portrait of(AccessDetails details) {
    return switch (details) {
      case AccessDetails.OfGrant of -> of(of.grant(), details);
      case AccessDetails.OfMember of -> of(of.member(), details);
      case AccessDetails.OfToken of -> of(of.token(), details);
      case AccessDetails.OfLogin of -> of(of.login(), details);
    };
  }

  private Portrait of(Grant grant, AccessDetails details) {
    Optional<String> ended =
        grant.status().isOpen()
            ? Optional.empty()
            : Optional.of(
                "This grant has ended. Grant access again to let %s in."
                    .formatted(grant.member().called()));
    Optional<String> selfish =
        model.isOwn(grant.member())
                && model.overview().get().filter(now -> !now.policy().selfGranting()).isPresent()
            ? Optional.of("The policy does not let you extend your own grant.")
            : Optional.empty();
    Optional<String> endless =
        grant.expiresAt().isEmpty() ? Optional.of("This grant has no end.") : Optional.empty();
    return portrait(
        grant.member().initials(),
        grant.member().name(),
        new Badge(grant.status().label(), AccessText.tone(grant.status())),
        grant.role()
            + grant.reason().map(why -> " · " + why).orElse("")
            + grant.grantedBy().map(by -> " · by " + by).orElse(""),
        List.of(
            Act.of(
                "Extend…",
                Icons.ACCESS,
                ended.or(() -> endless).or(() -> selfish),
                () -> dialogs.extend(grant)),
            Act.of("Edit", Icons.WRITE, ended, () -> dialogs.edit(grant)),
            Act.takingAway("Revoke…", Icons.DELETE, ended, () -> dialogs.revoke(grant))),
        ended,
        details);
  }

  private Portrait of(Member member, AccessDetails details) {
    Person person = member.person();
    Optional<String> blocked =
        member.isBlocked()
            ? Optional.of("The member is blocked. Unblock first.")
            : Optional.empty();
    Optional<String> none = Optional.empty();
    return portrait(
        person.initials(),
        person.name(),
        member.isBlocked() ? new Badge("Blocked", Tone.DANGER) : new Badge("Active", Tone.SUCCESS),
        model.isOwn(person) ? person.email() + " · you" : person.email(),
        List.of(
            Act.of("Grant…", Icons.ADD, blocked, () -> dialogs.grantTo(person)),
            Act.of("New token…", Icons.KEYS, blocked, () -> dialogs.createToken(person)),
            member.isBlocked()
                ? Act.of("Unblock…", Icons.START, none, () -> dialogs.unblock(person))
                : Act.of("Block…", Icons.DISABLE, none, () -> dialogs.block(person)),
            Act.takingAway("Freeze…", Icons.FREEZE, none, () -> dialogs.freeze(person))),
        none,
        details);
  }

  private Portrait of(AccessToken token, AccessDetails details) {
    Optional<String> ended =
        token.status().works() ? Optional.empty() : Optional.of("This token has ended.");
    return portrait(
        token.member().initials(),
        token.name(),
        new Badge(token.status().label(), AccessText.tone(token.status())),
        token.shortToken() + " · " + token.member().called(),
        List.of(Act.takingAway("Revoke…", Icons.DELETE, ended, () -> dialogs.revoke(token))),
        ended,
        details);
  }

  private Portrait of(Login login, AccessDetails details) {
    return portrait(
        login.member().map(Person::initials).orElse("?"),
        login.member().map(Person::name).orElse("Unknown"),
        login.outcome().isAccepted()
            ? new Badge("Accepted", Tone.SUCCESS)
            : new Badge("Refused", Tone.DANGER),
        login.role() + login.client().map(from -> " from " + from).orElse(""),
        List.of(),
        Optional.empty(),
        details);
  }

  private Portrait portrait(
      String initials,
      String title,
      Badge status,
      String below,
      List<Act> acts,
      Optional<String> ended,
      AccessDetails details) {
    Label detail = new Label(below);
    detail.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    detail.setTooltip(new Tooltip(below));
    return new Portrait(
        Optional.of(initials),
        title,
        false,
        status,
        detail,
        acts,
        ended,
        List.of(new Leaf("Details", () -> pages.of(details))));
  }
}
