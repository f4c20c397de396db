package dev.latchkey.access.screen.grant;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Member;
import dev.latchkey.access.NewGrant;
import dev.latchkey.access.Person;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.kit.form.EndChoice;
import dev.latchkey.kit.form.EndViewModel;
import dev.latchkey.kit.form.FormOfMany;
import dev.latchkey.kit.form.MomentViewModel;
import dev.latchkey.kit.form.NetworksViewModel;
import dev.latchkey.kit.form.ReasonViewModel;
import dev.latchkey.kit.form.Tells;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/**
 * The form that grants roles to a member: a call for each role, previewed as they run, one after
 * the other, with a result for each.
 */
public final class GrantFormViewModel {
  /**
   * What became of one role.
   *
   * @param refusal empty when it was granted
   */
  public record Result(String role, Optional<Failure> refusal) {}

  private final AccessChanges changes;
  private final AccessOverview overview;
  private final Clock clock;
  private final Runnable onGranted;
  private final Latest load;
  private final Latest looking;

  private final ObjectProperty<Optional<Person>> member =
      new SimpleObjectProperty<>(Optional.empty());
  private final ObservableList<String> roles = FXCollections.observableArrayList();
  private final EndViewModel end;
  private final BooleanProperty later = new SimpleBooleanProperty(false);
  private final MomentViewModel start = new MomentViewModel("09:00");
  private final NetworksViewModel networks;
  private final ReasonViewModel reason;
  private final FormOfMany<AccessField, Grant> form;

  private final ReadOnlyObjectWrapper<List<Person>> members =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<List<String>> assignable =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<List<Grant>> openGrants =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<List<Result>> results =
      new ReadOnlyObjectWrapper<>(List.of());

  public GrantFormViewModel(
      AccessChanges changes,
      AccessOverview overview,
      Tasks tasks,
      Clock clock,
      Runnable onGranted) {
    this.changes = changes;
    this.overview = overview;
    this.clock = clock;
    this.onGranted = onGranted;
    this.load = new Latest(tasks);
    this.looking = new Latest(tasks);
    this.end =
        EndViewModel.within(
            overview.policy().longest(),
            EndChoice.OF_GRANTS,
            EndChoice.HOURS_4,
            clock,
            this::startsAt);
    this.networks =
        new NetworksViewModel(
            List.of(), overview.own().address(), overview.policy().networksRequired());
    this.reason = new ReasonViewModel(overview.policy().reasonRule());
    this.form = new FormOfMany<>(AccessField.class, changes.changes());
    form.rule(
        AccessField.MEMBER,
        Tells.whileFilled(member.map(Optional::isPresent)),
        this::memberProblem);
    form.rule(AccessField.ROLES, Tells.whileFilled(Bindings.isNotEmpty(roles)), this::rolesProblem);
    form.rule(
        AccessField.START,
        Tells.AT_ONCE,
        () -> later.get() ? start.startProblem(clock) : Optional.empty());
    form.rule(AccessField.END, Tells.AT_ONCE, end::problem);
    form.rule(
        AccessField.NETWORKS, Tells.whileFilled(networks.typed().isNotEmpty()), networks::problem);
    reason.ruleOf(form, AccessField.REASON);
    form.makes(() -> roles.stream().map(this::change).toList());
    member.subscribe((_, _) -> look());
    form.follows(end, start, networks);
    form.follows(roles, later);
  }

  public ObjectProperty<Optional<Person>> member() {
    return member;
  }

  /** Whom access can be granted to; known after {@link #load()}. */
  public ReadOnlyObjectProperty<List<Person>> members() {
    return members.getReadOnlyProperty();
  }

  public ObservableList<String> roles() {
    return roles;
  }

  /** Roles that can be granted; known after {@link #load()}. */
  public ReadOnlyObjectProperty<List<String>> assignable() {
    return assignable.getReadOnlyProperty();
  }

  public EndViewModel end() {
    return end;
  }

  /** Whether it begins at {@link #start()} instead of now. */
  public BooleanProperty later() {
    return later;
  }

  public MomentViewModel start() {
    return start;
  }

  public NetworksViewModel networks() {
    return networks;
  }

  public ReasonViewModel reason() {
    return reason;
  }

  public FormOfMany<AccessField, Grant> form() {
    return form;
  }

  /** What became of the roles, once something was tried. */
  public ReadOnlyObjectProperty<List<Result>> results() {
    return results.getReadOnlyProperty();
  }

  /** Whether the chosen member is the operator. */
  public boolean isOwn() {
    return member.get().filter(overview.own()::is).isPresent();
  }

  /** Why a role cannot be added for the chosen member; empty when it can. */
  public Optional<String> roleObstacle(String role) {
    return openGrants.get().stream()
        .filter(grant -> grant.role().equals(role))
        .filter(grant -> overlaps(grant))
        .findFirst()
        .map(_ -> "%s has it in that time: extend or revoke that grant.".formatted(name()));
  }

  private boolean overlaps(Grant grant) {
    boolean endsBefore = grant.expiresAt().filter(at -> !at.isAfter(startsAt())).isPresent();
    boolean startsAfter = end.end().filter(at -> !at.isAfter(grant.startsAt())).isPresent();
    return !endsBefore && !startsAfter;
  }

  private String name() {
    return member.get().map(Person::name).orElse("The member");
  }

  /** {@code Grant 4 h}: what the button says. */
  public String verb() {
    return end.length().map(length -> "Grant " + length).orElse("Grant access");
  }

  /** When it would begin, as of now. */
  public Instant startsAt() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return later.get() ? start.at().orElse(now) : now;
  }

  /** Reads members and roles. */
  public void load() {
    load.start(
        "Loading members",
        () ->
            new Choices(
                changes.choices().choosableMembers().stream().map(Member::person).toList(),
                changes.choices().assignableRoles()),
        choices -> {
          members.set(choices.members());
          assignable.set(choices.roles());
        },
        problem -> form.tell(FailureException.failureOf(problem)));
  }

  private record Choices(List<Person> members, List<String> roles) {}

  /** Somebody was added meanwhile: he is who is meant. */
  public void choose(Person added) {
    members.set(
        Stream.concat(members.get().stream(), Stream.of(added))
            .distinct()
            .sorted((one, other) -> one.name().compareToIgnoreCase(other.name()))
            .toList());
    member.set(Optional.of(added));
  }

  /** Reads what the chosen member has, so that a second grant for a role is not even tried. */
  private void look() {
    openGrants.set(List.of());
    form.look();
    member
        .get()
        .ifPresent(
            chosen ->
                looking.start(
                    "Loading grants",
                    () -> changes.choices().openGrantsOf(chosen.id()),
                    found -> {
                      openGrants.set(found);
                      form.look();
                    },
                    _ -> {}));
  }

  /**
   * Grants the roles one after the other. Those that were refused stay in the form.
   *
   * @param onAllDone called when every role was granted
   */
  public void grant(Runnable onAllDone) {
    List<String> asked = List.copyOf(roles);
    form.submit(() -> results.set(List.of()), refusals -> finish(asked, refusals, onAllDone));
  }

  private void finish(List<String> asked, List<Optional<Failure>> refusals, Runnable onAllDone) {
    List<Result> told =
        IntStream.range(0, asked.size())
            .mapToObj(index -> new Result(asked.get(index), refusals.get(index)))
            .toList();
    results.set(told);
    List<String> granted =
        told.stream().filter(one -> one.refusal().isEmpty()).map(Result::role).toList();
    roles.removeAll(granted);
    boolean atField = refusals.stream().flatMap(Optional::stream).anyMatch(form::take);
    if (!granted.isEmpty()) {
      onGranted.run();
    }
    if (roles.isEmpty()) {
      onAllDone.run();
    } else if (!atField) {
      look();
    }
  }

  private Optional<String> memberProblem() {
    if (member.get().isEmpty()) {
      return Optional.of("Choose a member.");
    }
    return isOwn() && !overview.policy().selfGranting()
        ? Optional.of("The policy does not let you grant access to yourself.")
        : Optional.empty();
  }

  private Optional<String> rolesProblem() {
    return roles.isEmpty()
        ? Optional.of("Choose at least one role.")
        : roles.stream()
            .map(role -> roleObstacle(role).map(why -> role + ": " + why))
            .flatMap(Optional::stream)
            .findFirst();
  }

  private Change<Grant> change(String role) {
    return changes
        .calls()
        .grant(
            new NewGrant(
                member.get().orElseThrow(),
                role,
                later.get() ? start.at() : Optional.empty(),
                end.end(),
                networks.cidrs(),
                reason.given()));
  }
}
