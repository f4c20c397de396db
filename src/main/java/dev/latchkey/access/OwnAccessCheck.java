package dev.latchkey.access;

import dev.latchkey.change.AccessLoss;
import dev.latchkey.change.Network;
import dev.latchkey.change.SafetyCheck;
import dev.latchkey.change.Subject;
import dev.latchkey.change.Takes;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Looks at what a change takes from temporary access. What would leave no operator at all is
 * refused; what would end the operator's own access needs its name typed.
 */
public final class OwnAccessCheck implements SafetyCheck {
  private static final String ANY_NAME = "my access";

  private final AccessSource source;
  private final AccessChoices choices;

  public OwnAccessCheck(AccessSource source, AccessChoices choices) {
    this.source = source;
    this.choices = choices;
  }

  @Override
  public Verdict look(Takes takes) {
    return takes.access().map(this::look).orElse(Verdict.CLEAR);
  }

  private Verdict look(AccessLoss loss) {
    return switch (loss) {
      case AccessLoss.Whole(Subject.OfAll _) -> switchingOff();
      case AccessLoss.Whole(Subject subject) -> ending(subject);
      case AccessLoss.Outside(UUID grant, List<String> networks) -> narrowing(grant, networks);
    };
  }

  private Verdict ending(Subject subject) {
    AccessAfter after = choices.after(subject);
    boolean last = after.operatorsLeft() == 0 && after.directOperators() == 0;
    if (last && choices.after(new Subject.OfAll()).operatorsLeft() > 0) {
      return new Verdict.Refused(
          "This would end the last operator's access: nobody could manage keys or access any"
              + " more.");
    }
    return after.ownEnds()
        ? new Verdict.NeedsName(
            "This ends your own access: your sessions end, and you cannot sign in again by it.",
            nameOf(subject).orElse(ANY_NAME))
        : Verdict.CLEAR;
  }

  /** Networks of the operator's own grant must keep the address that he comes from. */
  private Verdict narrowing(UUID grant, List<String> networks) {
    AccessOverview.Own own = source.overview().own();
    if (!own.grantId().equals(Optional.of(grant.toString()))) {
      return Verdict.CLEAR;
    }
    List<Network> wanted = networks.stream().map(Network::of).flatMap(Optional::stream).toList();
    boolean inside =
        wanted.isEmpty()
            || own.address()
                .filter(address -> wanted.stream().anyMatch(one -> one.contains(address)))
                .isPresent();
    return inside
        ? Verdict.CLEAR
        : new Verdict.NeedsName(
            "Your own address, %s, is outside these networks: your sessions end, and you cannot sign in again from here."
                .formatted(own.address().orElse("which the server does not tell")),
            roleOf(grant).orElse(ANY_NAME));
  }

  private Verdict switchingOff() {
    return source.overview().own().grantId().isPresent()
        ? new Verdict.NeedsName(
            "You came in by temporary access yourself. Once this session ends you cannot sign in"
                + " again to turn it back on; somebody with a password of his own has to.",
            "temporary access")
        : Verdict.CLEAR;
  }

  private Optional<String> nameOf(Subject subject) {
    return switch (subject) {
      case Subject.OfGrant(UUID id) -> roleOf(id);
      case Subject.OfMember(UUID id) -> source.member(id).map(member -> member.person().email());
      case Subject.OfToken(UUID id) -> source.token(id).map(AccessToken::name);
      case Subject.OfLogin _, Subject.OfAll _ -> Optional.empty();
    };
  }

  private Optional<String> roleOf(UUID grant) {
    return source.grant(grant).map(Grant::role);
  }
}
