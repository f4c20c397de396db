package dev.latchkey.access.screen.grant;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.Grant;
import dev.latchkey.access.GrantEdit;
import dev.latchkey.access.GrantStatus;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.kit.form.Form;
import dev.latchkey.kit.form.MomentViewModel;
import dev.latchkey.kit.form.NetworksViewModel;
import dev.latchkey.kit.form.ReasonViewModel;
import dev.latchkey.kit.form.Tells;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Changes the networks of a grant, and the start of one that has not begun. */
public final class EditGrantViewModel {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  private final Grant grant;
  private final AccessChanges changes;
  private final Clock clock;
  private final Runnable onTouched;
  private final NetworksViewModel networks;
  private final MomentViewModel start;
  private final ReasonViewModel reason;
  private final Form<AccessField, Grant> form;

  public EditGrantViewModel(
      Grant grant,
      AccessChanges changes,
      AccessOverview overview,
      Clock clock,
      Runnable onTouched) {
    this.grant = grant;
    this.changes = changes;
    this.clock = clock;
    this.onTouched = onTouched;
    this.networks =
        new NetworksViewModel(
            grant.networks(), overview.own().address(), overview.policy().networksRequired());
    var there = grant.startsAt().atZone(ZoneOffset.UTC);
    this.start = new MomentViewModel(TIME.format(there));
    start.day().set(Optional.of(there.toLocalDate()));
    this.reason = new ReasonViewModel(overview.policy().reasonRule());
    this.form = new Form<>(AccessField.class, changes.changes());
    form.rule(AccessField.NETWORKS, Tells.AT_ONCE, networks::problem);
    form.rule(AccessField.START, Tells.AT_ONCE, this::startProblem);
    reason.ruleOf(form, AccessField.REASON);
    form.makes(this::change);
    form.follows(networks, start);
  }

  public Grant grant() {
    return grant;
  }

  public NetworksViewModel networks() {
    return networks;
  }

  /** Only a grant that has not begun can begin at another time. */
  public boolean canMoveStart() {
    return grant.status() == GrantStatus.SCHEDULED;
  }

  public MomentViewModel start() {
    return start;
  }

  public ReasonViewModel reason() {
    return reason;
  }

  public Form<AccessField, Grant> form() {
    return form;
  }

  public void save(Runnable onDone) {
    form.submit(
        _ -> {
          onDone.run();
          onTouched.run();
        },
        _ -> onTouched.run());
  }

  private Optional<Change<Grant>> change() {
    GrantEdit edit =
        new GrantEdit(
            Optional.of(networks.cidrs()).filter(now -> !sameNetworks(now, grant.networks())),
            canMoveStart() ? start.at().filter(at -> !sameMinute(at)) : Optional.empty());
    return edit.isEmpty()
        ? Optional.empty()
        : Optional.of(changes.calls().change(grant, edit, reason.given()));
  }

  private static boolean sameNetworks(List<String> one, List<String> other) {
    return one.size() == other.size() && one.containsAll(other);
  }

  private boolean sameMinute(Instant at) {
    return at.getEpochSecond() / 60 == grant.startsAt().getEpochSecond() / 60;
  }

  private Optional<String> startProblem() {
    return canMoveStart() && !start.at().filter(this::sameMinute).isPresent()
        ? start.startProblem(clock)
        : Optional.empty();
  }
}
