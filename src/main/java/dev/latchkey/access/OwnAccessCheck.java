package dev.latchkey.access;

import dev.latchkey.database.Call;
import dev.latchkey.database.SafetyCheck;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Looks at calls that end access. What would leave no operator at all is refused; what would end
 * the operator's own access needs its name typed.
 */
public final class OwnAccessCheck implements SafetyCheck {
  private final AccessSource source;

  public OwnAccessCheck(AccessSource source) {
    this.source = source;
  }

  @Override
  public Verdict look(Call call) {
    return switch (call.function()) {
      case AccessCalls.REVOKE ->
          ending(new Subject.OfGrant(id(call, "p_grant_id")), () -> roleOf(id(call, "p_grant_id")));
      case AccessCalls.BLOCK, AccessCalls.FREEZE ->
          ending(
              new Subject.OfMember(id(call, "p_user_id")),
              () -> source.member(id(call, "p_user_id")).map(member -> member.person().email()));
      case AccessCalls.REVOKE_TOKEN ->
          ending(
              new Subject.OfToken(id(call, "p_token_id")),
              () -> source.token(id(call, "p_token_id")).map(AccessToken::name));
      case AccessCalls.CHANGE_GRANT -> changing(call);
      case AccessCalls.SWITCH -> switching(call);
      default -> Verdict.CLEAR;
    };
  }

  private Verdict ending(Subject subject, Supplier<Optional<String>> name) {
    AccessAfter after = source.after(subject);
    boolean last = after.operatorsLeft() == 0 && after.directOperators() == 0;
    if (last && source.after(new Subject.OfAll()).operatorsLeft() > 0) {
      return new Verdict.Refused(
          "This would end the last operator's access: nobody could manage keys or access any"
              + " more.");
    }
    return after.ownEnds()
        ? new Verdict.NeedsName(
            "This ends your own access: your sessions end, and you cannot sign in again by it.",
            name.get().orElse("my access"))
        : Verdict.CLEAR;
  }

  /** Networks of the operator's own grant must keep the address that he comes from. */
  private Verdict changing(Call call) {
    AccessOverview.Own own = source.overview().own();
    UUID grant = id(call, "p_grant_id");
    Optional<String> networks =
        argument(call, "p_changes").filter(json -> json.contains("allowed_cidrs"));
    if (networks.isEmpty() || !own.grantId().equals(Optional.of(grant.toString()))) {
      return Verdict.CLEAR;
    }
    List<Network> wanted =
        Stream.of(networks.get().split("[\"\\[\\],{}\\s]+"))
            .map(Network::of)
            .flatMap(Optional::stream)
            .toList();
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
            roleOf(grant).orElse("my access"));
  }

  private Verdict switching(Call call) {
    boolean off = argument(call, "p_state").equals(Optional.of("disabled"));
    return off && source.overview().own().grantId().isPresent()
        ? new Verdict.NeedsName(
            "You came in by temporary access yourself. Once this session ends you cannot sign in"
                + " again to turn it back on; somebody with a password of his own has to.",
            "temporary access")
        : Verdict.CLEAR;
  }

  private Optional<String> roleOf(UUID grant) {
    return source.grant(grant).map(Grant::role);
  }

  private static UUID id(Call call, String name) {
    return UUID.fromString(argument(call, name).orElseThrow());
  }

  private static Optional<String> argument(Call call, String name) {
    return call.arguments().stream()
        .filter(argument -> argument.name().equals(name))
        .findFirst()
        .flatMap(Call.Argument::value);
  }
}
