package dev.latchkey.access.screen.grant;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.Grant;
import dev.latchkey.access.GrantEdit;
import dev.latchkey.access.GrantStatus;
import dev.latchkey.access.Policy;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.change.ReasonRule;
import dev.latchkey.kit.form.FormProblems;
import dev.latchkey.kit.form.MomentViewModel;
import dev.latchkey.kit.form.NetworksViewModel;
import dev.latchkey.kit.form.Submission;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** Changes the networks of a grant, and the start of one that has not begun. */
public final class EditGrantViewModel {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  private final Grant grant;
  private final AccessChanges changes;
  private final Policy policy;
  private final Clock clock;
  private final Runnable onTouched;
  private final NetworksViewModel networks;
  private final MomentViewModel start;
  private final StringProperty reason = new SimpleStringProperty("");
  private final FormProblems<AccessField> problems = new FormProblems<>(AccessField.class);
  private final Submission<Grant> submission;

  public EditGrantViewModel(
      Grant grant,
      AccessChanges changes,
      AccessOverview overview,
      Clock clock,
      Runnable onTouched) {
    this.grant = grant;
    this.changes = changes;
    this.policy = overview.policy();
    this.clock = clock;
    this.onTouched = onTouched;
    this.submission = new Submission<>(changes.changes(), problems::take, this::check);
    this.networks =
        new NetworksViewModel(
            grant.networks(), overview.own().address(), policy.networksRequired());
    var there = grant.startsAt().atZone(ZoneOffset.UTC);
    this.start = new MomentViewModel(TIME.format(there));
    start.day().set(Optional.<LocalDate>of(there.toLocalDate()));
    networks.onChange(this::check);
    start.onChange(this::check);
    reason.subscribe((_, _) -> check());
    check();
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

  public StringProperty reason() {
    return reason;
  }

  public Policy policy() {
    return policy;
  }

  public FormProblems<AccessField> problems() {
    return problems;
  }

  public Submission<Grant> submission() {
    return submission;
  }

  /** What would run; empty while nothing is changed or something is wrong. */
  public ReadOnlyObjectProperty<Optional<Change<Grant>>> change() {
    return submission.change();
  }

  public void save(Runnable onDone) {
    submission.submit(
        _ -> {
          onDone.run();
          onTouched.run();
        },
        _ -> onTouched.run());
  }

  private void check() {
    Optional<String> networksProblem = networks.problem();
    Optional<String> startProblem = startProblem();
    Optional<String> reasonProblem = policy.reasonRule().problem(reason.get());
    problems.set(AccessField.NETWORKS, networksProblem);
    problems.set(AccessField.START, startProblem);
    problems.set(
        AccessField.REASON,
        reasonProblem.filter(_ -> submission.wasTried() || !reason.get().isEmpty()));
    boolean sound =
        Stream.of(networksProblem, startProblem, reasonProblem).allMatch(Optional::isEmpty);
    GrantEdit edit = edit();
    submission.prepare(
        sound && !edit.isEmpty()
            ? Optional.of(changes.calls().change(grant, edit, ReasonRule.clean(reason.get())))
            : Optional.empty());
  }

  private GrantEdit edit() {
    return new GrantEdit(
        Optional.of(networks.cidrs()).filter(now -> !sameNetworks(now, grant.networks())),
        canMoveStart() ? start.at().filter(at -> !sameMinute(at)) : Optional.empty());
  }

  private static boolean sameNetworks(List<String> one, List<String> other) {
    return one.size() == other.size() && one.containsAll(other);
  }

  private boolean sameMinute(Instant at) {
    return at.getEpochSecond() / 60 == grant.startsAt().getEpochSecond() / 60;
  }

  private Optional<String> startProblem() {
    if (!canMoveStart()) {
      return Optional.empty();
    }
    Optional<Instant> at = start.at();
    if (at.isEmpty()) {
      return Optional.of("Choose the day, and the time as 09:00 (UTC).");
    }
    return sameMinute(at.get()) || at.get().isAfter(clock.instant())
        ? Optional.empty()
        : Optional.of("The start must be in the future.");
  }
}
